/// As much of `dart:js_interop` as `socket_web.dart` names, for checking its types on a VM, which has no browser. Only
/// declarations: nothing here runs.
library;

class JS {
  const JS([this.name]);
  final String? name;
}

extension type JSAny._(Object _) implements Object {}

extension type JSObject._(Object _) implements JSAny {}

extension type JSFunction._(Object _) implements JSObject {}

extension type JSString._(Object _) implements JSAny {}

extension FunctionToJS on Function {
  JSFunction get toJS => throw UnsupportedError('no browser');
}

extension StringToDart on JSString {
  String get toDart => throw UnsupportedError('no browser');
}

extension AnyIs on JSAny? {
  bool isA<T extends JSAny?>() => throw UnsupportedError('no browser');
}
