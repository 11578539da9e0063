import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/town.dart';

/// The rows of the scenarios with three and more, by signalling alone.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  /// Alice and Bob talk, Carol is there.
  Future<(Resident, Resident, Resident)> talkingAndCarol({App app = App.plain}) async {
    final (a, b) = await town.talking(app: app);
    return (a, b, await town.resident('carol', app: app));
  }

  /// All three talk.
  Future<(Resident, Resident, Resident)> threeTalk() async {
    final (a, b, c) = await talkingAndCarol();
    await a.does(a.calling.call('carol', 1));
    await c.sees([c.invitation('alice', isFromGroup: true)]);
    await c.does(c.calling.accept());
    await a.sees(['onUserEnter carol']);
    await b.sees(['onUserEnter carol']);
    await c.sees(['onUserEnter alice', 'onUserEnter bob']);
    return (a, b, c);
  }

  test('14, 15: a third is invited, accepts, and all meet', threeTalk);

  test('14a: a second callee can be called while the first rings', () async {
    final [a, b, c] = await town.residents(['alice', 'bob', 'carol']);
    await a.calls(b);
    await a.does(a.calling.call('carol', 1));
    await c.sees([c.invitation('alice', isFromGroup: true)]);
    await b.does(b.calling.reject());
    await a.sees(['onReject bob']);
    await c.does(c.calling.reject());
    await a.sees(['onReject carol', 'onCallEnd']);
  });

  test('16: a third who rejects, is busy or does not answer leaves the call going on', () async {
    final (a, b, c) = await talkingAndCarol(app: App.quick);
    await a.does(a.calling.call('carol', 1));
    await c.sees([c.invitation('alice', isFromGroup: true)]);
    await c.does(c.calling.reject());
    await a.sees(['onReject carol']);
    await a.does(a.calling.call('carol', 1));
    await c.sees([c.invitation('alice', isFromGroup: true), 'onCallingTimeOut']);
    await a.sees(['onNoResp carol']);
    await c.does(c.calling.call('erin', 1));
    await a.does(a.calling.call('carol', 1));
    await a.sees(['onLineBusy carol']);
    await b.seesNothing();
    b.calling.hangup();
    await a.sees(['onUserLeave bob', 'onCallEnd']);
  });

  test('17: a callee who invites is told the outcome, and the caller is not', () async {
    final (a, b, c) = await talkingAndCarol();
    await b.does(b.calling.call('carol', 1));
    await c.sees([c.invitation('bob', isFromGroup: true)]);
    await c.does(c.calling.reject());
    await b.sees(['onReject carol']);
    await a.seesNothing();
  });

  test('18, 19: one of three leaves and two talk on; then the last but one leaves', () async {
    final (a, b, c) = await threeTalk();
    a.calling.hangup();
    await b.sees(['onUserLeave alice']);
    await c.sees(['onUserLeave alice']);
    c.calling.hangup();
    await b.sees(['onUserLeave carol', 'onCallEnd']);
    await a.seesNothing();
  });

  test('20: who remains with an invitation of its own waits for it', () async {
    final (a, b, c) = await talkingAndCarol(app: App.quick);
    await a.does(a.calling.call('carol', 1));
    b.calling.hangup();
    await a.sees(['onUserLeave bob']);
    await a.sees(['onNoResp carol', 'onCallEnd']);
    await c.sees([c.invitation('alice', isFromGroup: true), 'onCallingTimeOut']);
  });

  test('23: a group call rings at all of them, each with the others', () async {
    final [a, b, c] = await town.residents(['alice', 'bob', 'carol']);
    await a.does(a.calling.groupCall(['bob', 'carol'], 1));
    await b.sees([b.invitation('alice', userIds: ['carol'], isFromGroup: true)]);
    await c.sees([c.invitation('alice', userIds: ['bob'], isFromGroup: true)]);
    await b.does(b.calling.accept());
    await c.does(c.calling.accept());
    await a.sees(['onUserEnter bob', 'onUserEnter carol']);
    await b.sees(['onUserEnter alice', 'onUserEnter carol']);
    await c.sees(['onUserEnter alice', 'onUserEnter bob']);
  });

  test('24: a group that does not come ends once', () async {
    final [a, b, c, d, e] = await town.residents(['alice', 'bob', 'carol', 'dave', 'erin'], app: App.quick);
    await d.calls(e);
    await e.does(e.calling.accept());
    await a.does(a.calling.groupCall(['bob', 'carol', 'dave'], 1));
    await b.sees([b.invitation('alice', userIds: ['carol', 'dave'], isFromGroup: true)]);
    await b.does(b.calling.reject());
    await a.sees(['onLineBusy dave', 'onReject bob', 'onNoResp carol', 'onCallEnd']);
    await c.sees([c.invitation('alice', userIds: ['bob', 'dave'], isFromGroup: true), 'onCallingTimeOut']);
  });

  test('31: an invitation goes with its inviter', () async {
    final (a, b, c) = await talkingAndCarol();
    await a.does(a.calling.call('carol', 1));
    await c.sees([c.invitation('alice', isFromGroup: true)]);
    a.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    await c.sees(['onCallingCancel']);
    await a.seesNothing();
  });

  test('29: an administrator ends a call, talking and ringing', () async {
    final (a, b, c) = await talkingAndCarol();
    await a.does(a.calling.call('carol', 1));
    await c.sees([c.invitation('alice', isFromGroup: true)]);
    final id = c.events.whereType<Invited>().single.callId;
    await town.administrate('DELETE', 'calls/$id');
    for (final each in [a, b]) {
      await each.sees(['onCallEnd']);
      expect(each.events.whereType<CallEnded>().single.reason, 'ended_by_server');
    }
    await c.sees(['onCallingCancel']);
    expect(c.events.whereType<CallingCancelled>().single.reason, 'ended_by_server');
  });
}
