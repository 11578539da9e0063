import 'socket_none.dart' if (dart.library.io) 'socket_io.dart' if (dart.library.js_interop) 'socket_web.dart';

/// The WebSocket subprotocol: its version is part of the name.
const subprotocol = 'tsuwa.1';

/// What becomes of a socket: it opens or not, says something, and closes once.
final class SocketListener {
  /// Who is told.
  const SocketListener({required this.opened, required this.text, required this.closed});

  /// It is open.
  final void Function() opened;

  /// A text frame came.
  final void Function(String text) text;

  /// It is closed, with this close code, or could not be opened. Nothing follows.
  final void Function(int? code) closed;
}

/// One WebSocket connection: text frames in and out, with nothing of the protocol in it.
abstract interface class Socket {
  /// Sends a frame. What can't be sent is lost; the listener hears of the end.
  void send(String text);

  /// Closes it, after what was sent; the listener hears nothing more.
  void close();
}

/// Begins to open a socket.
typedef OpenSocket = Socket Function(Uri url, SocketListener listener);

/// The platform's own sockets.
Socket openSocket(Uri url, SocketListener listener) => openPlatformSocket(url, listener);

/// The socket's address of a server, as people write it: `http` and `https` stand for `ws` and `wss`; without a path it
/// is `/rpc`. Throws a [FormatException] if [server] is no such address.
Uri socketUrl(Uri server) {
  final scheme = switch (server.scheme) {
    'ws' || 'http' => 'ws',
    'wss' || 'https' => 'wss',
    _ => throw FormatException('must begin with ws://, wss://, http:// or https://', server),
  };
  if (server.host.isEmpty) throw FormatException('names no host', server);
  final path = server.path.isEmpty || server.path == '/' ? '/rpc' : server.path;
  return server.replace(scheme: scheme, path: path);
}
