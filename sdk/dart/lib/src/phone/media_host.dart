part of 'phone.dart';

final class _PhoneMediaHost implements MediaHost {
  _PhoneMediaHost(this._phone);

  final Phone _phone;

  @override
  void answer(String callId, int offerId, String sdp) {
    // The engine asks again by itself where this comes to nothing.
    _phone._request('mediaAnswer', {'callId': callId, 'offerId': offerId, 'sdp': sdp}, (_) {});
    _phone._pump();
  }

  @override
  void restart(String callId) {
    _phone
      .._restartMedia(callId)
      .._pump();
  }

  @override
  void volumes(Map<String?, int> users, int total) {
    final self = _phone._line?.credentials.userId, call = _phone._standing.takingPart;
    if (self == null || call == null) return;
    final named = {for (final MapEntry(:key, :value) in users.entries) key ?? self: value};
    _phone
      .._tell(UserVoiceVolume(call, named, total))
      .._pump();
  }

  @override
  void error(Refusal refusal) {
    _phone
      .._tell(CallingError.of(refusal, _phone._standing.call?.id))
      .._pump();
  }
}

extension on Phone {
  /// Asks for an offer on a transport of its own.
  void _restartMedia(String call) {
    if (_media.carriesMedia && _standing.call?.id == call) _request('mediaRestart', {'callId': call}, (_) {});
  }
}
