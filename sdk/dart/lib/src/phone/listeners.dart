import 'dart:async';

import '../delegate.dart';
import '../event.dart';

/// Who is told: listeners, and readers of the stream.
final class Listeners {
  final List<VoiceListenerFunc<dynamic>> _functions = [];
  final StreamController<CallingEvent> _stream = StreamController.broadcast();

  /// The events from now on.
  Stream<CallingEvent> get stream => _stream.stream;

  /// Adds a listener; one that is there already is not told twice.
  void add(VoiceListenerFunc<dynamic> function) {
    if (!_functions.contains(function)) _functions.add(function);
  }

  /// Removes a listener.
  void remove(VoiceListenerFunc<dynamic> function) => _functions.remove(function);

  /// Tells everybody who is registered now. One that a listener removes meanwhile is told no more; one that it adds is
  /// told from the next event on. An exception of a listener is the zone's, and does not silence the others.
  void tell(CallingEvent event) {
    for (final function in List.of(_functions)) {
      if (!_functions.contains(function)) continue;
      try {
        function(event.type, event.params);
      } catch (error, stack) {
        Zone.current.handleUncaughtError(error, stack);
      }
    }
    if (!_stream.isClosed) _stream.add(event);
  }

  /// Nobody is told anything any more.
  void close() {
    _functions.clear();
    unawaited(_stream.close());
  }
}
