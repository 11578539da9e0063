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
  Pulse(Duration now) : _lastPing = now;

  Duration _lastPing;
  Duration? _unanswered;

  /// Anything came.
  void heard() => _unanswered = null;

  /// A ping went out.
  void pinged(Duration now) {
    _lastPing = now;
    _unanswered ??= now;
  }

  /// When the next ping is due.
  Duration pingAt({required bool inCall}) => _lastPing + (inCall ? pingInCall : pingIdle);

  /// When the connection is dead, unless something comes.
  Duration? deadAt({required bool inCall}) {
    final since = _unanswered;
    return since == null ? null : since + (inCall ? deadInCall : deadIdle);
  }
}
