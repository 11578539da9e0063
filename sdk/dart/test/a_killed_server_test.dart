import 'package:test/test.dart';

import 'support/told_media.dart';
import 'support/town.dart';

/// Row 28 of the scenarios: the server's process is killed with SIGKILL, and started again.
void main() {
  // Each has a server of its own to kill.
  Future<Town> found() async {
    final town = await Town.found();
    addTearDown(town.stop);
    return town;
  }

  test('a talk goes on: nobody is told anything, a new transport is offered, and the microphone stays as it was', () async {
    final town = await found();
    final media = ToldMedia();
    final a = town.phone('alice', media: media), b = await town.resident('bob');
    await a.signIn();
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    a.calling.setMicMute(true);
    await a.until(() => media.told.length > 2, 'its first offer');
    final offer = 'offer ${media.offers.single.callId} ${media.offers.single.offerId}';
    expect(media.take().toSet(), {'openMicrophone', 'setMicMute true', offer});
    await a.seesNothing();

    await town.isKilled();
    await town.starts();
    await a.until(() => media.offers.length > 1, 'another offer');
    await a.seesNothing();
    await b.seesNothing();
    expect(media.offers.last.fresh, isTrue);
    expect(media.offers.last.callId, media.offers.first.callId);
    expect(media.take().where((each) => !each.startsWith('offer')), isEmpty);

    a.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    expect(await a.recent(1), ['outgoing answered bob']);
    expect(await b.recent(1), ['incoming answered alice']);
  });

  test('it rings on, and can be answered', () async {
    final town = await found();
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    await town.isKilled();
    await town.starts();
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
  });

  test('who hangs up while there is no server has hung up, and who is called then is rung', () async {
    final town = await found();
    final (a, b) = await town.talking();
    final c = await town.resident('carol');
    await town.isKilled();
    a.calling.hangup();
    final called = a.calling.call('carol', 1);
    await town.starts();
    await a.does(called);
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    await c.sees([c.invitation('alice')]);
    await a.seesNothing();
  });

  test('phones without a call are back, and can be called', () async {
    final town = await found();
    final [a, b] = await town.residents(['alice', 'bob']);
    await town.isKilled();
    await town.starts();
    await a.seesNothing();
    await b.seesNothing();
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
  });
}
