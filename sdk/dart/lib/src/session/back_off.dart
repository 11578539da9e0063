import 'timing.dart';

/// The pauses between connection attempts: none before the first, then twice the one before each time. Every pause is
/// drawn from the upper half of its span, so that a crowd that was cut off together does not come back together.
final class BackOff {
  /// Draws with [_draw], a number from 0 to 1 (1 left out).
  BackOff(this._draw);

  final double Function() _draw;
  int _failed = 0;

  /// The next pause is none again.
  void reset() => _failed = 0;

  /// The pause before the next attempt.
  Duration next({required bool inCall}) {
    final before = _failed;
    _failed = before + 1;
    if (before == 0) return Duration.zero;
    // 2^7 · 100 ms is past the longest pause already.
    var span = backOffFirst * (1 << (before - 1).clamp(0, 7));
    if (span > backOffMost) span = backOffMost;
    if (inCall && span > backOffInCall) span = backOffInCall;
    return (span ~/ 2) + (span ~/ 2) * _draw();
  }
}
