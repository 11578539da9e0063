import 'dart:convert';

import 'package:test/test.dart';
import 'package:tsuwa_calling/src/codes.dart';
import 'package:tsuwa_calling/src/event.dart';
import 'package:tsuwa_calling/src/session/back_off.dart';
import 'package:tsuwa_calling/src/session/client_session.dart';
import 'package:tsuwa_calling/src/session/output.dart';
import 'package:tsuwa_calling/src/session/timing.dart';

/// A session on virtual time, with the server played by the test.
final class Bench {
  Bench() {
    session = ClientSession(now, credentials, () => 0.999);
    take();
  }

  final credentials =
      Credentials(sdkAppId: 1, userId: 'alice', userSig: 'ticket', deviceId: 'phone', carriesMedia: false);
  Duration now = Duration.zero;
  late final ClientSession session;
  List<SessionOutput> out = [];
  int link = 0;
  Duration? wakeAt;

  /// Takes what the session wants; [out] is the latest.
  void take() {
    out = [];
    while (true) {
      final output = session.poll();
      if (output == null) return;
      if (output case Connect(link: final opened)) link = opened;
      if (output case WakeAt(:final at)) {
        wakeAt = at;
      } else {
        out.add(output);
      }
    }
  }

  void opens() {
    session.opened(now, link);
    take();
  }

  void closes() {
    session.closed(now, link);
    take();
  }

  void says(Map<String, dynamic> frame) {
    session.frame(now, link, jsonEncode({'jsonrpc': '2.0', ...frame}));
    take();
  }

  void welcomes(int id) => says({
        'id': id,
        'result': {'sessionId': '7', 'resumeToken': 'secret', 'keptMs': 60000},
      });

  void event(int seq, [String method = 'onUserSigExpired']) => says({
        'method': method,
        'params': {'seq': seq},
      });

  int asks(String method) {
    final id = session.request(now, method, {});
    take();
    return id;
  }

  /// Lets time pass until the session's timer is due.
  void wakes() {
    now = wakeAt!;
    session.timer(now);
    take();
  }

  void passes(Duration span) {
    final until = now + span;
    final seen = <SessionOutput>[];
    while (wakeAt != null && wakeAt! <= until) {
      wakes();
      seen.addAll(out);
    }
    now = until;
    out = seen;
  }

  List<Map<String, dynamic>> get sent =>
      [for (final output in out) if (output case SendText(:final text)) jsonDecode(text) as Map<String, dynamic>];

  List<String> get methods => [for (final frame in sent) frame['method'] as String];

  /// Signed in, on a connection that has lasted.
  void up() {
    opens();
    welcomes(1);
    now += lasted;
  }
}

void main() {
  test('it signs in with the login, and says so', () {
    final bench = Bench()..opens();
    expect(bench.sent.single, {
      'jsonrpc': '2.0',
      'id': 1,
      'method': 'login',
      'params': {'sdkAppId': 1, 'userId': 'alice', 'userSig': 'ticket', 'deviceId': 'phone', 'media': 'none'},
    });
    bench.welcomes(1);
    expect(bench.out.single, isA<SignedIn>());
    expect(bench.session.isUp, isTrue);
  });

  test('after a lost socket it resumes, naming the last event, and repeats what has no answer under the same number', () {
    final bench = Bench()..up();
    bench.event(3);
    final id = bench.asks('call');
    bench.closes();
    expect(bench.out.first, isA<Lost>());
    bench.opens();
    final resume = bench.sent.single;
    expect(resume['method'], 'resume');
    expect(resume['params'], {'sdkAppId': 1, 'sessionId': '7', 'resumeToken': 'secret', 'lastSeq': 3});
    bench.welcomes(resume['id'] as int);
    expect(bench.out.first, isA<Back>());
    expect(bench.sent.single['id'], id);
  });

  test('an event that comes twice is told once, and a gap in the numbers is legal', () {
    final bench = Bench()..up();
    bench.event(1);
    expect(bench.out.whereType<Told>().single.event, isA<UserSigExpired>());
    bench.event(1);
    expect(bench.out, isEmpty);
    bench.event(9);
    expect(bench.out.whereType<Told>().length, 1);
  });

  test('events are acknowledged after a second, or at once when there are sixteen', () {
    final bench = Bench()..up();
    bench.event(1);
    bench.passes(ackWithin);
    expect(bench.sent.single, {
      'jsonrpc': '2.0',
      'method': 'ack',
      'params': {'seq': 1},
    });
    for (var seq = 2; seq < 2 + ackEvents; seq++) {
      bench.event(seq);
    }
    expect(bench.sent.single['params'], {'seq': 1 + ackEvents});
  });

  test('an event of a later version counts as seen', () {
    final bench = Bench()..up();
    bench.event(4, 'onSomethingNew');
    expect(bench.out, isEmpty);
    bench.passes(ackWithin);
    expect(bench.sent.single['params'], {'seq': 4});
  });

  test('in a call a socket is given up that was silent for two seconds', () {
    final bench = Bench()..up();
    bench.session.setInCall(bench.now, inCall: true);
    bench
      ..take()
      ..wakes();
    expect(bench.methods, ['ping']);
    bench.passes(const Duration(milliseconds: 1999));
    expect(bench.out.whereType<Lost>(), isEmpty);
    bench.passes(const Duration(milliseconds: 1));
    expect(bench.out.whereType<CloseSocket>().length, 1);
    expect(bench.out.whereType<Lost>().length, 1);
    expect(bench.out.whereType<Connect>().length, 1);
  });

  test('who overslept asks once more before it gives the socket up', () {
    final bench = Bench()..up();
    bench.session.setInCall(bench.now, inCall: true);
    bench
      ..take()
      ..wakes();
    expect(bench.methods, ['ping']);
    for (final expected in ['ping', 'lost']) {
      bench.now += const Duration(minutes: 1);
      bench.session.timer(bench.now);
      bench.take();
      expect([...bench.methods, if (bench.out.any((each) => each is Lost)) 'lost'], [expected]);
    }
  });

  test('a server that goes down is waited for', () {
    final bench = Bench()..up();
    bench.closes();
    for (final (method, code) in [('resume', 6014), ('login', CallingCode.noMediaWorker)]) {
      if (method == 'resume') bench.opens();
      expect(bench.methods, [method]);
      bench.says({
        'id': bench.sent.single['id'],
        'error': {'code': code, 'message': 'not now'},
      });
    }
    expect(bench.out.whereType<SessionRefused>(), isEmpty);
    bench
      ..wakes()
      ..opens();
    expect(bench.methods, ['login']);
  });

  test('a session that the server no longer has is begun anew', () {
    final bench = Bench()..up();
    bench.asks('setMicMute');
    bench.closes();
    bench.opens();
    bench.says({
      'id': bench.sent.single['id'],
      'error': {'code': 6014, 'message': 'no such session'},
    });
    final lost = bench.out.whereType<Replied>().single;
    expect(lost.outcome.refusal!.code, CallingCode.noAnswer);
    expect(bench.methods, ['login']);
  });

  test('signed in elsewhere it does not come back', () {
    final bench = Bench()..up();
    bench.event(1, 'onKickedOffline');
    bench.closes();
    expect(bench.out.whereType<SessionRefused>().single.refusal.code, CallingCode.signedInElsewhere);
    expect(bench.out.whereType<Connect>(), isEmpty);
  });

  test('without a server the first sign-in ends with 9508', () {
    final bench = Bench();
    for (var i = 0; i < 100 && bench.out.whereType<SessionRefused>().isEmpty; i++) {
      bench.out.whereType<Connect>().isEmpty ? bench.wakes() : bench.closes();
    }
    expect(bench.out.whereType<SessionRefused>().single.refusal.code, CallingCode.noConnection);
    expect(bench.now, answerWithin);
  });

  test('a request without an answer is told so after the time for it, and a hangup is carried on', () {
    final bench = Bench()..up();
    bench.closes();
    final call = bench.asks('call'), hangup = bench.asks('hangup');
    bench.opens();
    // The server is reached, and silent.
    final replies = <Replied>[];
    for (var i = 0; i < 200 && replies.length < 2; i++) {
      bench.wakes();
      replies.addAll(bench.out.whereType<Replied>());
      if (bench.out.any((each) => each is Connect)) bench.opens();
    }
    expect([for (final reply in replies) reply.id], [call, hangup]);
    expect(replies.first.outcome.refusal!.code, CallingCode.noConnection);
    bench.closes();
    while (!bench.out.any((each) => each is Connect)) {
      bench.wakes();
    }
    bench.opens();
    bench.welcomes(bench.sent.single['id'] as int);
    expect(bench.methods, ['hangup']);
  });

  test('the pauses grow from none to ten seconds, and in a call never past a quarter of a second', () {
    final pauses = BackOff(() => 0.999);
    final idle = [for (var i = 0; i < 10; i++) pauses.next(inCall: false).inMilliseconds];
    expect(idle.first, 0);
    expect(idle[1], lessThan(101));
    expect(idle.last, greaterThan(9900));
    expect(idle.last, lessThan(10001));
    expect(pauses.next(inCall: true).inMilliseconds, lessThan(251));
  });

  test('more requests than an app can mean are refused at once', () {
    final bench = Bench()..up();
    for (var i = 0; i < waitingMost; i++) {
      bench.asks('setMicMute');
    }
    bench.asks('setMicMute');
    expect(bench.out.whereType<Replied>().single.outcome.refusal!.code, CallingCode.rateLimited);
  });

  test('one can always hang up', () {
    final bench = Bench()..up();
    for (var i = 0; i < 2 * waitingMost; i++) {
      bench.asks('hangup');
    }
    expect(bench.out.whereType<Replied>(), isEmpty);
    final last = bench.asks('hangup');
    final refused = bench.out.whereType<Replied>().single;
    expect(refused.outcome.refusal!.code, CallingCode.rateLimited);
    expect(refused.id == last, isFalse, reason: 'one that said the same gives way');
  });

  test('whatever else was asked for leaves room to hang up', () {
    final bench = Bench()
      ..up()
      ..closes();
    for (var i = 0; i < waitingMost + 10; i++) {
      bench.asks('queryRecentCalls');
    }
    expect(bench.out.whereType<Replied>().single.outcome.refusal!.code, CallingCode.rateLimited);
    bench.asks('hangup');
    expect(bench.out.whereType<Replied>(), isEmpty);
  });

  test('a hang-up that the server had no time for is said again, before what was asked for later', () {
    final bench = Bench()..up();
    final hangup = bench.asks('hangup');
    bench.says({
      'id': hangup,
      'error': {'code': CallingCode.rateLimited, 'message': 'no'},
    });
    expect(bench.out.whereType<Replied>(), isEmpty);
    bench.asks('call');
    expect(bench.methods, isEmpty, reason: 'it would be into the call that is to end');
    bench.passes(const Duration(milliseconds: 999));
    expect(bench.methods, isEmpty);
    bench.passes(const Duration(milliseconds: 1));
    expect(bench.methods, ['hangup', 'call']);
  });
}
