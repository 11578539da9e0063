import 'dart:async';
import 'dart:io';

/// A line to the server that can be cut, held and blocked.
final class BadLine {
  BadLine._(this._listener, this._server) {
    _listener.listen((socket) => unawaited(_carry(socket)));
  }

  /// A line to this server.
  static Future<BadLine> to(Uri server) async =>
      BadLine._(await ServerSocket.bind(InternetAddress.loopbackIPv4, 0), server);

  final ServerSocket _listener;
  final Uri _server;
  final Set<Socket> _ends = {};
  final List<StreamSubscription<void>> _down = [];
  bool _blocked = false;
  bool _held = false;

  /// The near end.
  Uri get address => _server.replace(port: _listener.port);

  /// How many connections were made.
  int connections = 0;

  /// Cuts all connections. New ones are carried, unless [block] was said.
  void cut() {
    for (final end in List.of(_ends)) {
      end.destroy();
    }
    _ends.clear();
    _down.clear();
  }

  /// Cuts all connections, and carries none until [unblock].
  void block() {
    _blocked = true;
    cut();
  }

  /// Carries connections again.
  void unblock() => _blocked = false;

  /// Holds back what the server says, until [release].
  void hold() {
    _held = true;
    for (final each in _down) {
      each.pause();
    }
  }

  /// Lets through what was held.
  void release() {
    _held = false;
    for (final each in _down) {
      each.resume();
    }
  }

  /// The end.
  Future<void> close() async {
    block();
    await _listener.close();
  }

  Future<void> _carry(Socket near) async {
    connections++;
    if (_blocked) return near.destroy();
    final Socket far;
    try {
      far = await Socket.connect(_server.host, _server.port);
    } on SocketException {
      return near.destroy();
    }
    for (final (from, to, isDown) in [(near, far, false), (far, near, true)]) {
      _ends.add(from);
      from.setOption(SocketOption.tcpNoDelay, true);
      // A socket that was cut may say so once more; it is carried no longer.
      from.done.ignore();
      final carried = from.listen(to.add, onError: (_) => to.destroy(), onDone: to.destroy);
      if (isDown) _down.add(carried);
      if (isDown && _held) carried.pause();
    }
  }
}
