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
    final self = _phone._line?.credentials.userId, call = _phone._standing.takingPart?.call;
    if (self == null || call == null) return;
    final named = {for (final MapEntry(:key, :value) in users.entries) key ?? self: value};
    _phone
      .._tell(UserVoiceVolume(call, named, total))
      .._pump();
  }

  @override
  void error(Refusal refusal) {
    _phone
      .._tell(CallingError.of(refusal, _phone._standing.call?.part.call))
      .._pump();
  }
}

/// What is known of the way that the call's media goes, while there is no connection to ask for another by.
enum _MediaWay {
  /// Nothing bad.
  stands,

  /// It is lost; perhaps the server is.
  lost,

  /// This device has another network.
  moved,
}

extension on Phone {
  /// Asks for an offer on a transport of its own; without a connection, once it is back.
  void _restartMedia(String call) {
    if (!_media.carriesMedia || _standing.call?.part.call != call) return;
    if (_line?.session((session, _) => session.isUp) ?? false) {
      _request('mediaRestart', {'callId': call}, (_) {});
    } else {
      _mediaWay = _MediaWay.lost;
    }
  }

  /// The connection is back. A server that was started anew offers by itself: where media is lost it is given the time of
  /// a way there and back.
  void _mendMedia() {
    switch (_mediaWay) {
      case _MediaWay.stands:
        break;
      case _MediaWay.lost:
        _request('ping', const {}, (_) => _askForMedia());
      case _MediaWay.moved:
        _askForMedia();
    }
  }

  /// No offer has come meanwhile.
  void _askForMedia() {
    final way = _mediaWay;
    _mediaWay = _MediaWay.stands;
    if (way == _MediaWay.stands) return;
    if (_standing.call case (:final part, stage: _)) _restartMedia(part.call);
  }
}
