import 'timing.dart';

/// Which events were seen, and which of them the server knows to be seen.
final class Receipts {
  int _last = 0;
  int _owed = 0;
  Duration? _owedSince;

  /// The number of the last event seen, 0 for none.
  int get last => _last;

  /// An event came. `false`: it was seen before.
  bool see(Duration now, int seq) {
    if (seq <= _last) return false;
    _last = seq;
    _owed += 1;
    _owedSince ??= now;
    return true;
  }

  /// When an acknowledgement is due.
  Duration? get ackAt {
    final since = _owedSince;
    if (since == null) return null;
    return _owed >= ackEvents ? since : since + ackWithin;
  }

  /// The server has been told.
  void told() {
    _owed = 0;
    _owedSince = null;
  }
}

/// Whether the server is still at the other end of one connection.
final class Pulse {
  /// A connection that lives at [now].
  Pulse(Duration now, {required bool inCall})
      : _heard = now,
        _lastPing = now,
        _called = inCall ? now : null;

  Duration _heard;
  Duration _lastPing;

  /// The first ping that nothing came after.
  Duration? _unanswered;

  /// It was asked once more, since the time for the answer was slept over.
  bool _askedAgain = false;

  /// When the call began, if there is one.
  Duration? _called;

  /// Anything came.
  void heard(Duration now) {
    _heard = now;
    _unanswered = null;
    _askedAgain = false;
  }

  /// A ping went out.
  void pinged(Duration now) {
    _lastPing = now;
    _unanswered ??= now;
  }

  /// The device is in a call, or no longer.
  void setInCall(Duration now, {required bool inCall}) => _called = inCall ? _called ?? now : null;

  /// Whether the moment at which the connection is dead was slept over: the server is asked once more. Once, for a
  /// browser's timers may always be late.
  bool hasOverslept(Duration now) {
    final at = deadAt;
    if (_askedAgain || at == null || at + overslept > now) return false;
    _unanswered = null;
    return _askedAgain = true;
  }

  /// When the next ping is due.
  Duration get pingAt => (_heard > _lastPing ? _heard : _lastPing) + (_called != null ? pingInCall : pingIdle);

  /// When the connection is dead, unless something comes.
  Duration? get deadAt {
    final since = _unanswered, called = _called;
    if (since == null) return null;
    if (called == null) return since + deadIdle;
    final answered = since + deadInCall, awake = called + wakesWithin;
    return answered > awake ? answered : awake;
  }
}
