import 'dart:convert';

import '../codes.dart';
import 'timing.dart';

/// How a request ended: a result, or a refusal.
typedef Outcome = ({Map<String, dynamic>? result, Refusal? refusal});

/// Done, with what the server had to say.
Outcome done(Map<String, dynamic> result) => (result: result, refusal: null);

/// Refused.
Outcome refused(Refusal refusal) => (result: null, refusal: refusal);

/// A request without an answer.
final class Asked {
  /// Asked at [at].
  Asked(this.id, this.method, this.params, this.at);

  /// Its number in the session.
  final int id;

  /// The protocol's name.
  final String method;

  /// Its parameters.
  final Map<String, dynamic> params;

  /// When.
  final Duration at;

  /// It went out on a connection of this session, so it may have been done.
  bool sent = false;

  /// It went out on the present connection.
  bool sentHere = false;

  /// It is to be said again on this connection, and not before.
  Duration? _againAt;

  /// Its caller has been told that there was no answer.
  bool told = false;

  /// Ends something: the server is to hear of it even when the caller no longer waits.
  bool get _endsSomething => _ends(method);

  /// It ends the same thing.
  bool _saysTheSame(Asked other) =>
      _endsSomething && method == other.method && jsonEncode(params) == jsonEncode(other.params);

  Duration? get _due => told ? null : at + answerWithin;
}

bool _ends(String method) => method == 'hangup' || method == 'reject' || method == 'logout';

/// Requests without an answer, in the order of their numbers.
final class Pending {
  List<Asked> _all = [];

  /// Whether there is no room for this. Whatever else an app has asked for, it can hang up: for what ends something there
  /// is as much room again.
  bool isFull(String method) => _all.length >= (_ends(method) ? 2 * waitingMost : waitingMost);

  /// Makes room for one that ends something, where one was said twice: that goes; gives it.
  Asked? makeRoom(String method) {
    if (!_ends(method)) return null;
    for (var place = _all.length - 1; place > 0; place--) {
      if (_all.take(place).any(_all[place]._saysTheSame)) return _all.removeAt(place);
    }
    return null;
  }

  /// One more.
  void add(Asked asked) => _all.add(asked);

  /// The one with this number, which has its answer.
  Asked? take(int id) {
    final place = _all.indexWhere((asked) => asked.id == id);
    return place < 0 ? null : _all.removeAt(place);
  }

  /// What is to be sent now, in order. What follows something that is to be said again waits for that: a call that was
  /// hung up is to have ended before the next one is asked for.
  List<Asked> send(Duration now) {
    bool isDue(Asked asked) => (asked._againAt ?? now) <= now;
    final out = _all.take(onTheirWayMost).takeWhile(isDue).where((asked) => !asked.sentHere).toList();
    for (final asked in out) {
      asked.sent = asked.sentHere = true;
      asked._againAt = null;
    }
    return out;
  }

  /// The server had no time for it. `true`: it ends something, and is said again later.
  bool sayAgain(Duration now, int id) {
    for (final asked in _all) {
      if (asked.id == id && asked._endsSomething) {
        asked.sentHere = false;
        asked._againAt = now + againAfter;
        return true;
      }
    }
    return false;
  }

  /// The connection is gone: all go out again on the next.
  void connectionGone() {
    for (final asked in _all) {
      asked.sentHere = false;
      asked._againAt = null;
    }
  }

  /// The session is gone, and with it all that was asked; but for new tickets, which the next one takes too.
  List<Asked> sessionGone() {
    final gone = _all.where((asked) => asked.method != 'login').toList();
    _all = _all.where((asked) => asked.method == 'login').toList();
    for (final asked in _all) {
      asked.sent = asked.sentHere = false;
    }
    return gone;
  }

  /// All, none of which will have an answer.
  List<Asked> drain() {
    final all = _all;
    _all = [];
    return all;
  }

  /// Whether a `logout` has gone out.
  bool get isLoggingOut => _all.any((asked) => asked.sent && asked.method == 'logout');

  /// The newest ticket that waits to be taken.
  String? get newestTicket {
    for (final asked in _all.reversed) {
      if (asked.method == 'login') return asked.params['userSig'] as String?;
    }
    return null;
  }

  /// When the next caller has waited too long.
  Duration? get nextDue {
    Duration? next;
    for (final due in _all.expand((asked) => [asked._due, asked._againAt])) {
      if (due != null && (next == null || due < next)) next = due;
    }
    return next;
  }

  /// Requests that have waited too long, to be told; those that end something stay. With each, whether it was sent.
  List<(int, bool)> overdue(Duration now) {
    final overdue = <(int, bool)>[];
    _all.removeWhere((asked) {
      final due = asked._due;
      if (due == null || due > now) return false;
      asked.told = true;
      overdue.add((asked.id, asked.sent));
      return !asked._endsSomething;
    });
    return overdue;
  }
}
