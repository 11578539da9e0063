import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/bad_line.dart';
import 'support/town.dart';

/// The rows of the scenarios with several devices of one user, and those of tickets.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  String why(Resident resident) => resident.events.whereType<CallingCancelled>().single.reason!;

  test('21: one of two devices accepts, and the other stops ringing', () async {
    final [a, b1, b2] = await town.residents(['alice', 'bob', 'bob']);
    await a.calls(b1);
    await b2.sees([b2.invitation('alice')]);
    await b1.does(b1.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b1.sees(['onUserEnter alice']);
    await b2.sees(['onCallingCancel']);
    expect(why(b2), 'answered_elsewhere');
  });

  test('21a: both accept: the first wins, the other one is refused with 8010', () async {
    final line = await BadLine.to(town.address);
    addTearDown(() async {
      await town.leave();
      await line.close();
    });
    final [a, b1] = await town.residents(['alice', 'bob']);
    final b2 = await town.resident('bob', via: line.address);
    await a.calls(b1);
    await b2.sees([b2.invitation('alice')]);
    line.hold();
    await b1.does(b1.calling.accept());
    await b1.sees(['onUserEnter alice']);
    final answer = b2.calling.accept();
    line.release();
    await b2.isRefused(answer, CallingCode.invitationOver);
    await b2.sees(['onCallingCancel']);
    await a.sees(['onUserEnter bob']);
  });

  test('22: one of two devices rejects, and the other stops ringing', () async {
    final [a, b1, b2] = await town.residents(['alice', 'bob', 'bob']);
    await a.calls(b1);
    await b2.sees([b2.invitation('alice')]);
    await b1.does(b1.calling.reject());
    await a.sees(['onReject bob', 'onCallEnd']);
    await b1.seesNothing();
    await b2.sees(['onCallingCancel']);
    expect(why(b2), 'rejected_elsewhere');
  });

  test('12: where one of two devices calls back, the other stops ringing', () async {
    final [a, b1, b2] = await town.residents(['alice', 'bob', 'bob']);
    await a.calls(b1);
    await b2.sees([b2.invitation('alice')]);
    await b1.does(b1.calling.call('alice', 1));
    await a.sees(['onUserEnter bob']);
    await b1.sees(['onUserEnter alice']);
    await b2.sees(['onCallingCancel']);
  });

  test('4: a user who talks on one device is busy on all', () async {
    final (_, b1) = await town.talking();
    final [b2, c] = await town.residents(['bob', 'carol']);
    await c.does(c.calling.call('bob', 1));
    await c.sees(['onLineBusy bob', 'onCallEnd']);
    await b1.seesNothing();
    await b2.seesNothing();
  });

  test('25: where one device is the policy, a sign-in puts the older one out of its call', () async {
    final (a, b1) = await town.talking(app: App.oneDevice);
    final b2 = await town.resident('bob', app: App.oneDevice);
    b1.isOut();
    await b1.sees(['onKickedOffline', 'onCallEnd']);
    await a.sees(['onUserLeave bob', 'onCallEnd']);
    await b1.isSignedOut();
    await b2.seesNothing();
  });

  test('25: … and a ringing invitation moves to the new device', () async {
    final [a, b1] = await town.residents(['alice', 'bob'], app: App.oneDevice);
    await a.calls(b1);
    final b2 = await town.resident('bob', app: App.oneDevice);
    b1.isOut();
    await b1.sees(['onKickedOffline']);
    await b2.sees([b2.invitation('alice')]);
    await b2.does(b2.calling.accept());
    await a.sees(['onUserEnter bob']);
  });

  test('30: the ticket expires in a call: it goes on, new calls need a new login', () async {
    final a = town.phone('alice'), b = await town.resident('bob');
    await a.does(a.calling.login(App.plain.id, 'alice', await town.ticket('alice', App.plain, 5)));
    await a.does(a.calling.call('bob', 1));
    await b.sees([b.invitation('alice')]);
    await b.does(b.calling.accept());
    await b.sees(['onUserEnter alice']);
    await a.until(() => a.events.whereType<UserSigExpired>().isNotEmpty, 'onUserSigExpired');
    await a.isRefused(a.calling.call('carol', 1), CallingCode.sigExpired);
    await b.seesNothing();
    // The tests' own question is a login, with a ticket that is good.
    await a.sees(['onUserEnter bob', 'onUserSigExpired']);
    await a.does(a.calling.call('carol', 1));
    a.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
  });

  test('an administrator signs a user out: it is told, and does not come back by itself', () async {
    final (a, b) = await town.talking();
    await town.administrate('POST', 'users/bob/signout');
    b.isOut();
    await a.sees(['onUserLeave bob', 'onCallEnd']);
    await b.until(() => b.events.whereType<CallEnded>().isNotEmpty, 'the end');
    await b.isSignedOut();
  });
}
