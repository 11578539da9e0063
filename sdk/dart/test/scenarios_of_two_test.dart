import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/town.dart';

/// The rows of the scenarios that two (and a third who is refused) can play by signalling alone.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  test('1, 2: a call rings, is accepted, and both enter', () async {
    final (a, b) = await town.talking();
    await a.seesNothing();
    await b.seesNothing();
  });

  test('1: a video call rings as one', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b, type: TRTCCalling.typeVideoCall);
  });

  test('3: a rejected call ends for the caller', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    await b.does(b.calling.reject());
    await a.sees(['onReject bob', 'onCallEnd']);
    await b.seesNothing();
  });

  test('4: who is talking, calling or ringing is busy and hears nothing of it', () async {
    final (a, b) = await town.talking();
    final [c, d] = await town.residents(['carol', 'dave']);
    await c.does(c.calling.call('bob', 1));
    await c.sees(['onLineBusy bob', 'onCallEnd']);
    await c.does(c.calling.call('erin', 1));
    await d.does(d.calling.call('carol', 1));
    await d.sees(['onLineBusy carol', 'onCallEnd']);
    for (final each in [a, b, c]) {
      await each.seesNothing();
    }
  });

  test('5: nobody answers in time', () async {
    final [a, b] = await town.residents(['alice', 'bob'], app: App.quick);
    await a.calls(b);
    await a.sees(['onNoResp bob', 'onCallEnd']);
    await b.sees(['onCallingTimeOut']);
  });

  test('5: a call can ring for its own time, and carry what the app sends along', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.does(a.calling.callWith('bob', 1, timeout: const Duration(milliseconds: 600), userData: 'the cat'));
    await b.sees([b.invitation('alice'), 'onCallingTimeOut']);
    final invited = b.events.whereType<Invited>().single;
    expect((invited.userData, invited.ringsFor), ('the cat', const Duration(seconds: 1)));
    await a.sees(['onNoResp bob', 'onCallEnd']);
  });

  test('6: the caller hangs up while it rings', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    a.calling.hangup();
    await b.sees(['onCallingCancel']);
    await a.seesNothing();
  });

  test("6: a hangup right behind the call doesn't leave a phantom ringing", () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    final answer = a.calling.call('bob', 1);
    a.calling.hangup();
    await answer;
    await b.sees([b.invitation('alice'), 'onCallingCancel']);
    await a.calls(b);
  });

  test("6a, 6b: a hangup that crosses an accept: one of the two was first, and both sides agree", () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    final accepting = b.calling.accept();
    a.calling.hangup();
    final answer = await accepting;
    if (answer.code == 0) {
      await b.sees(['onUserEnter alice', 'onUserLeave alice', 'onCallEnd']);
    } else {
      expect(answer.code, CallingCode.invitationOver);
      await b.sees(['onCallingCancel']);
    }
    await a.seesNothing();
  });

  test('7: the caller hangs up while they talk', () async {
    final (a, b) = await town.talking();
    a.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    await a.seesNothing();
  });

  test('8: the callee hangs up while they talk', () async {
    final (a, b) = await town.talking();
    b.calling.hangup();
    await a.sees(['onUserLeave bob', 'onCallEnd']);
    await b.seesNothing();
  });

  test('10: who signs in while the invitation stands is rung', () async {
    final a = await town.resident('alice');
    await a.does(a.calling.call('bob', 1));
    final b = await town.resident('bob');
    await b.sees([b.invitation('alice')]);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
  });

  test('11: who stays away does not respond', () async {
    final a = await town.resident('alice', app: App.quick);
    await a.does(a.calling.call('bob', 1));
    await a.sees(['onNoResp bob', 'onCallEnd']);
  });

  test('12: two who call each other are connected', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    await b.does(b.calling.call('alice', 1));
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    b.calling.hangup();
    await a.sees(['onUserLeave bob', 'onCallEnd']);
  });

  test('12: also where both call at the same moment', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    final calls = [a.calling.call('bob', 1), b.calling.call('alice', 1)];
    await Future.wait(calls.map(a.does));
    final invited = await Future.wait([
      for (final each in [a, b]) each.until(() => '${each.events}'.contains('onUserEnter'), 'connected').then((_) => 1),
    ]);
    expect(invited.length, 2);
    // Whoever was later in the server's log had been rung by then.
    final rung = [a, b].where((each) => each.events.first is Invited).toList();
    expect(rung.length, 1);
  });

  test('12a: who rings can not call a third', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    await b.isRefused(b.calling.call('carol', 1), CallingCode.wrongState);
    await b.isRefused(b.calling.groupCall(['carol', 'dave'], 1), CallingCode.wrongState);
    await a.seesNothing();
    await b.does(b.calling.accept());
  });

  test('13: a second caller hears busy, and the ringing goes on', () async {
    final [a, b, d] = await town.residents(['alice', 'bob', 'dave']);
    await a.calls(b);
    await d.does(d.calling.call('bob', 1));
    await d.sees(['onLineBusy bob', 'onCallEnd']);
    await a.seesNothing();
    await b.seesNothing();
    await b.does(b.calling.accept());
  });

  test('26: who signs out while it rings does not respond', () async {
    final [a, b] = await town.residents(['alice', 'bob'], app: App.quick);
    await a.calls(b);
    await b.does(b.calling.logout());
    b.isOut();
    await a.sees(['onNoResp bob', 'onCallEnd']);
    await b.seesNothing();
  });

  test('26a: to sign out while talking or calling is to hang up', () async {
    final (a, b) = await town.talking();
    await b.does(b.calling.logout());
    b.isOut();
    await a.sees(['onUserLeave bob', 'onCallEnd']);
    await b.seesNothing();
    final c = await town.resident('carol');
    await a.calls(c);
    await a.does(a.calling.logout());
    a.isOut();
    await c.sees(['onCallingCancel']);
  });

  test('32: a hangup while it rings is a reject', () async {
    final [a, b] = await town.residents(['alice', 'bob']);
    await a.calls(b);
    b.calling.hangup();
    await a.sees(['onReject bob', 'onCallEnd']);
    await b.seesNothing();
  });
}
