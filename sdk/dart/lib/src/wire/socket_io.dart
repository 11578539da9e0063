import 'dart:async';
import 'dart:io';

import 'socket.dart';

/// A WebSocket of `dart:io`.
Socket openPlatformSocket(Uri url, SocketListener listener) => _IoSocket(url, listener);

final class _IoSocket implements Socket {
  _IoSocket(Uri url, this._listener) {
    unawaited(_open(url));
  }

  final SocketListener _listener;
  WebSocket? _socket;
  bool _closed = false;

  Future<void> _open(Uri url) async {
    final WebSocket socket;
    try {
      socket = await WebSocket.connect('$url', protocols: [subprotocol]);
    } on Exception {
      return _end();
    }
    if (_closed) {
      unawaited(socket.close());
      return;
    }
    _socket = socket;
    // Pings of the server are answered by the platform.
    socket.listen(
      (data) {
        if (data is String && !_closed) _listener.text(data);
      },
      onError: (_) => _end(),
      onDone: () => _end(socket.closeCode),
      cancelOnError: true,
    );
    _listener.opened();
  }

  void _end([int? code]) {
    if (_closed) return;
    _closed = true;
    _listener.closed(code);
  }

  @override
  void send(String text) {
    if (!_closed) _socket?.add(text);
  }

  @override
  void close() {
    if (_closed) return;
    _closed = true;
    // The future of a socket that is dead already may end in an error that is nobody's concern.
    _socket?.close().ignore();
  }
}
