import 'dart:js_interop';

import 'package:tsuwa_calling/src/wire/socket.dart';

/// A browser's WebSocket.
Socket openPlatformSocket(Uri url, SocketListener listener) => _WebSocket(url, listener);

@JS('WebSocket')
extension type _JsWebSocket._(JSObject _) implements JSObject {
  external _JsWebSocket(String url, String protocol);
  external void send(String data);
  external void close();
  external set onopen(JSFunction? function);
  external set onmessage(JSFunction? function);
  external set onclose(JSFunction? function);
}

extension type _MessageEvent._(JSObject _) implements JSObject {
  external JSAny? get data;
}

extension type _CloseEvent._(JSObject _) implements JSObject {
  external int get code;
}

final class _WebSocket implements Socket {
  _WebSocket(Uri url, SocketListener listener) : _socket = _JsWebSocket('$url', subprotocol) {
    _socket
      ..onopen = ((JSAny? _) => listener.opened()).toJS
      ..onmessage = ((_MessageEvent event) {
        final data = event.data;
        if (data != null && data.isA<JSString>()) listener.text((data as JSString).toDart);
      }).toJS
      // An error is always followed by this.
      ..onclose = ((_CloseEvent event) => listener.closed(event.code)).toJS;
  }

  final _JsWebSocket _socket;

  @override
  void send(String text) => _socket.send(text);

  @override
  void close() {
    _socket
      ..onopen = null
      ..onmessage = null
      ..onclose = null
      ..close();
  }
}
