import 'codes.dart';

/// The result of an operation.
class ActionCallback {
  /// 0 for success, else an error code; [CallingCode] names them.
  int code;

  /// What went wrong, for developers; `success` for 0.
  String desc;

  /// A result.
  ActionCallback({this.code = 0, this.desc = ''});

  /// The operation was done.
  ActionCallback.success() : this(code: CallingCode.success, desc: 'success');

  /// The operation was refused.
  ActionCallback.refused(Refusal refusal) : this(code: refusal.code, desc: refusal.desc);

  @override
  String toString() => '$desc ($code)';
}
