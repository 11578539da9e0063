import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/bad_line.dart';
import 'support/town.dart';

/// The rows of the scenarios with lines that are cut or slow, and the reconnects of the session.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  Future<BadLine> badLine() async {
    final line = await BadLine.to(town.address);
    addTearDown(() async {
      // Over the line, while it is there.
      await town.leave();
      await line.close();
    });
    return line;
  }

  test('a line that is cut is made anew, and nothing is lost or told twice', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address), b = await town.resident('bob');
    line.cut();
    await b.does(b.calling.call('alice', 1));
    line.cut();
    await a.sees([a.invitation('bob')]);
    line.cut();
    await a.does(a.calling.accept());
    await b.sees(['onUserEnter alice']);
    line.cut();
    await a.sees(['onUserEnter bob']);
    a.calling.hangup();
    line.cut();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    await a.seesNothing();
  });

  test('what is asked for while the line is down is done once it is back', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address), b = await town.resident('bob');
    line.block();
    final answer = a.calling.call('bob', 1);
    line.unblock();
    await a.does(answer);
    await b.sees([b.invitation('alice')]);
  });

  test('6a: a hangup that is in the log before the accept: the accept is refused with 8010', () async {
    final line = await badLine();
    final a = await town.resident('alice'), b = await town.resident('bob', via: line.address);
    await a.calls(b);
    line.hold();
    a.calling.hangup();
    await a.seesNothing();
    final answer = b.calling.accept();
    line.release();
    await b.isRefused(answer, CallingCode.invitationOver);
    await b.sees(['onCallingCancel']);
    await a.seesNothing();
  });

  test('6b: an accept that is in the log before the hangup: they were connected, and it ended', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address), b = await town.resident('bob');
    await a.calls(b);
    line.hold();
    await b.does(b.calling.accept());
    await b.sees(['onUserEnter alice']);
    a.calling.hangup();
    line.release();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
  });

  test('9: a party that is away for less than the grace is seen as down, and nothing else', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address), b = await town.resident('bob');
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    line.block();
    final clock = Stopwatch()..start();
    await b.hearsOf('alice', 6);
    expect(clock.elapsedMilliseconds, lessThan(10000), reason: 'the scenarios promise 2 s; one in no call is missed in 20');
    line.unblock();
    await a.seesNothing();
    await b.seesNothing();
    a.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
  });

  test('9, 9a: a party that stays away has left, and is told of the end when it comes back', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address, app: App.shortGrace);
    final b = await town.resident('bob', app: App.shortGrace);
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    line.block();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    final left = b.events.whereType<UserLeft>().single;
    expect(left.reason, 1);
    line.unblock();
    await a.sees(['onCallEnd']);
    expect(a.events.whereType<CallEnded>().single.reason, 'timed_out');
  });

  test('9b: a caller that is lost while it rings: the ringing stops after the grace', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address, app: App.shortGrace);
    final b = await town.resident('bob', app: App.shortGrace);
    await a.calls(b);
    line.block();
    await b.sees(['onCallingCancel']);
    expect(b.events.whereType<CallingCancelled>().single.reason, 'caller_lost');
    line.unblock();
    await a.sees(['onCallEnd']);
  });

  test('9c: a caller that is lost can be answered within its grace', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address), b = await town.resident('bob');
    await a.calls(b);
    line.block();
    await b.does(b.calling.accept());
    await b.sees(['onUserEnter alice']);
    await b.hearsOf('alice', 6);
    line.unblock();
    await a.sees(['onUserEnter bob']);
  });

  test('9d: a callee that is lost while it rings is rung on its return', () async {
    final line = await badLine();
    final a = await town.resident('alice'), b = await town.resident('bob', via: line.address);
    line.block();
    await a.does(a.calling.call('bob', 1));
    line.unblock();
    await b.sees([b.invitation('alice')]);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
  });

  test('11a: an invitation that began and ended while the device was away is not told', () async {
    final line = await badLine();
    final a = await town.resident('alice'), b = await town.resident('bob', via: line.address);
    line.block();
    await a.does(a.calling.call('bob', 1));
    a.calling.hangup();
    await a.seesNothing();
    line.unblock();
    await b.seesNothing();
  });

  test('a rejection that was carried late does not decline the second ringing of the same call', () async {
    final line = await badLine();
    final (a, _) = await town.talking();
    final c = await town.resident('carol', via: line.address);
    await a.does(a.calling.callWith('carol', 1, timeout: const Duration(seconds: 3)));
    final invitation = c.invitation('alice', isFromGroup: true);
    await c.until(() => c.events.isNotEmpty, invitation);
    line.block();
    final rejected = c.calling.reject();
    await a.sees(['onNoResp carol']);
    await a.does(a.calling.call('carol', 1));
    line.unblock();
    await c.isRefused(rejected, CallingCode.invitationOver);
    await c.sees([invitation, 'onCallingTimeOut', invitation]);
    await c.does(c.calling.accept());
    await a.sees(['onUserEnter carol']);
  });

  test('an app that is closed in a call and opened again on the same device is in its call', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address, deviceId: 'the-phone'), b = await town.resident('bob');
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    // The process dies: its socket goes, and it says nothing.
    line.block();
    a.isOut();
    final reopened = await town.resident('alice', deviceId: 'the-phone');
    await reopened.sees(['onUserEnter bob']);
    reopened.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
  });

  test('networkChanged makes the connection anew at once, and the session goes on', () async {
    final line = await badLine();
    final a = await town.resident('alice', via: line.address), b = await town.resident('bob');
    expect(line.connections, 1);
    a.calling.networkChanged();
    await a.seesNothing();
    expect(line.connections, 2);
    await b.calls(a);
  });
}
