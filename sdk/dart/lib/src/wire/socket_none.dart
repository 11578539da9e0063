import 'socket.dart';

/// There are no sockets on this platform.
Socket openPlatformSocket(Uri url, SocketListener listener) =>
    throw UnsupportedError('a platform with neither dart:io nor dart:js_interop has no WebSocket');
