import 'dart:async';

import '../delegate.dart';
import '../event.dart';

/// Who is told: listeners, and readers of the stream.
final class Listeners {
  final List<({VoiceListenerFunc<dynamic> function, Zone zone})> _all = [];
  final StreamController<CallingEvent> _stream = StreamController.broadcast();

  /// The events from now on.
  Stream<CallingEvent> get stream => _stream.stream;

  /// Adds a listener; one that is there already is not told twice.
  void add(VoiceListenerFunc<dynamic> function) {
    if (_stream.isClosed || _all.any((each) => each.function == function)) return;
    _all.add((function: function, zone: Zone.current));
  }

  /// Removes a listener.
  void remove(VoiceListenerFunc<dynamic> function) => _all.removeWhere((each) => each.function == function);

  /// Tells everybody who is registered now. One that a listener removes meanwhile is told no more; one that it adds is
  /// told from the next event on. What a listener throws goes to the zone that it was registered in, as in a stream's
  /// listener, and does not silence the others.
  void tell(CallingEvent event) {
    for (final each in List.of(_all)) {
      if (_all.contains(each)) each.zone.runBinaryGuarded(each.function, event.type, event.params);
    }
    if (!_stream.isClosed) _stream.add(event);
  }

  /// Nobody is told anything any more.
  void close() {
    _all.clear();
    unawaited(_stream.close());
  }
}
