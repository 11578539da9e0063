import 'dart:async';
import 'dart:collection';
import 'dart:math';

import '../action_callback.dart';
import '../calling.dart';
import '../codes.dart';
import '../delegate.dart';
import '../event.dart';
import '../media/call_media.dart';
import '../recent.dart';
import '../session/client_session.dart';
import '../session/output.dart';
import '../session/pending.dart';
import '../wire/frames.dart';
import '../wire/socket.dart';
import 'line.dart';
import 'listeners.dart';
import 'resync.dart';
import 'standing.dart';

part 'answers.dart';
part 'sign_in.dart';
part 'media_host.dart';

/// How long a destroyed instance tries to tell the server.
const _lastWords = Duration(seconds: 1);

/// [TRTCCalling] over a session, a socket and media.
final class Phone implements TRTCCalling {
  /// A phone. [server] is asked for at each `login`.
  Phone({
    required Uri Function() server,
    required CallMedia media,
    required String deviceId,
    OpenSocket open = openSocket,
  })  : _server = server,
        _media = media,
        _deviceId = deviceId,
        _open = open {
    media.attach(_PhoneMediaHost(this));
  }

  final Uri Function() _server;
  final CallMedia _media;
  final String _deviceId;
  final OpenSocket _open;
  final Listeners _listeners = Listeners();
  final Standing _standing = Standing();
  final Queue<CallingEvent> _toTell = Queue();

  /// Sign-in, session and socket; null while signed out.
  Line? _line;
  Resync _resync = Resync();
  final Map<int, void Function(Outcome)> _waiting = {};

  /// Calls that this device has left where the server may not know it yet.
  final List<Part> _hungUp = [];

  /// Requests for a call that the app knows as failed, while the server may have done them, or do them yet.
  final List<int> _doubtful = [];

  /// The call that the app said `accept` to, until the microphone is open.
  Part? _accepting;

  /// The call that the microphone is open for.
  String? _microphoneFor;
  _MediaWay _mediaWay = _MediaWay.stands;

  /// Media was begun for a `call` that has no answer yet.
  bool _offerIsAhead = false;
  bool _cameraOpen = false;
  bool _pumping = false;
  bool _destroyed = false;

  @override
  Stream<CallingEvent> get events => _listeners.stream;

  @override
  void registerListener(VoiceListenerFunc func) => _listeners.add(func);

  @override
  void unRegisterListener(VoiceListenerFunc func) => _listeners.remove(func);

  @override
  void destroy() {
    if (_destroyed) return;
    _destroyed = true;
    _listeners.close();
    _toTell.clear();
    _closeCall();
    final line = _line;
    if (line == null) {
      _media.dispose();
      return;
    }
    unawaited(() async {
      await _logout().timeout(_lastWords, onTimeout: ActionCallback.success);
      _hangUpTheLine();
      _media.dispose();
    }());
  }

  @override
  Future<ActionCallback> login(int sdkAppId, String userId, String userSig) => _login(sdkAppId, userId, userSig);

  @override
  Future<ActionCallback> logout() => _destroyed ? Future.value(_notSignedIn()) : _logout();

  @override
  Future<ActionCallback> call(String userId, int type) =>
      _invite('call', {'userId': userId, 'type': type}, [userId], type);

  @override
  Future<ActionCallback> groupCall(List<String> userIdList, int type) =>
      _invite('groupCall', {'userIds': List.of(userIdList), 'type': type}, userIdList, type);

  @override
  Future<ActionCallback> callWith(String userId, int type, {Duration? timeout, String? userData}) =>
      _invite('call', {'userId': userId, 'type': type, ..._options(timeout, userData)}, [userId], type);

  @override
  Future<ActionCallback> groupCallWith(List<String> userIdList, int type, {Duration? timeout, String? userData}) {
    final params = {'userIds': List.of(userIdList), 'type': type, ..._options(timeout, userData)};
    return _invite('groupCall', params, userIdList, type);
  }

  @override
  Future<ActionCallback> accept() => _answer('accept', (part) {
        _accepting = part;
        return (outcome) {
          // Without an answer it may have been taken all the same: then the event tells.
          if (outcome.refusal case final refusal? when !refusal.isUnanswered && _accepting == part) _accepting = null;
          if (outcome.refusal == null && _change(() => _standing.accepted(part))) _openMicrophone(part.call);
        };
      });

  @override
  Future<ActionCallback> reject() => _answer('reject', (part) {
        _accepting = null;
        return (outcome) {
          // Without an answer it is carried to the server all the same, and then no event will end this ringing.
          if (outcome.refusal == null) _change(() => _standing.leaves(part));
          if (outcome.refusal?.isUnanswered ?? false) _leave(part);
        };
      });

  @override
  void hangup() {
    if (_destroyed) return;
    final call = _standing.call;
    // The server reads in order: whatever was asked for before is in this call by then, or refused.
    final asked = call == null ? List.of(_standing.asking) : const <int>[];
    _change(_standing.asking.clear);
    if (call != null) {
      _leave(call.part);
      _hangUp(call.part);
    } else if (asked.isNotEmpty) {
      // An offer may have overtaken the answer.
      _closeCall();
    }
    for (final request in asked) {
      _change(() => _standing.askedInVain(request));
      _request('hangup', {'request': request}, (outcome) => _hangupAnswered(null, outcome));
    }
    _pump();
  }

  @override
  void setMicMute(bool isMute) {
    if (_destroyed || _standing.muted == isMute) return;
    _standing.muted = isMute;
    _media.setMicMute(isMute);
    if (_standing.takingPart case final part?) _tellServerOfMute(part.call);
    _pump();
  }

  @override
  void setHandsFree(bool isHandsFree) => _onMedia((media) => media.setHandsFree(isHandsFree));

  @override
  void openCamera(bool isFrontCamera, int viewId) => _onMedia((media) {
        media.openCamera(isFrontCamera, viewId);
        _setCamera(isOpen: media.carriesMedia);
      });

  @override
  void closeCamera() => _onMedia((media) {
        media.closeCamera();
        _setCamera(isOpen: false);
      });

  @override
  void switchCamera(bool isFrontCamera) => _onMedia((media) => media.switchCamera(isFrontCamera));

  @override
  void startRemoteView(String userId, int streamType, int viewId) =>
      _onMedia((media) => media.startRemoteView(userId, streamType, viewId));

  @override
  void stopRemoteView(String userId, int streamType) => _onMedia((media) => media.stopRemoteView(userId, streamType));

  @override
  Future<RecentCalls> queryRecentCalls({String? before, int? limit}) {
    if (_destroyed) return Future.value(RecentCalls.refused(Refusal.notSignedIn));
    final asker = Completer<RecentCalls>();
    _request(
      'queryRecentCalls',
      {if (before != null) 'before': before, if (limit != null) 'limit': limit},
      (outcome) => asker.complete(RecentCalls.of(outcome)),
    );
    _pump();
    return asker.future;
  }

  @override
  void networkChanged() {
    if (_destroyed) return;
    _mediaWay = _MediaWay.moved;
    _line?.session((session, now) => session.networkChanged(now));
    _pump();
  }

  void _onMedia(void Function(CallMedia) act) {
    if (_destroyed) return;
    act(_media);
    _pump();
  }

  void _setCamera({required bool isOpen}) {
    if (_cameraOpen == isOpen) return;
    _cameraOpen = isOpen;
    if (_microphoneFor case final call?) _tellServerOfCamera(call);
  }

  Future<ActionCallback> _invite(String method, Map<String, dynamic> params, List<String> users, int type) {
    if (_standing.signIn != SignInState.signedIn || _destroyed) return Future.value(_notSignedIn());
    // As all SDKs do: what can't be meant doesn't go to the server.
    if (!users.every(isUserId)) return Future.value(_notAUserId());
    if (type != TRTCCalling.typeAudioCall && type != TRTCCalling.typeVideoCall) {
      return Future.value(ActionCallback(code: CallingCode.badParameter, desc: 'type: must be 1 (audio) or 2 (video)'));
    }
    final asker = Completer<ActionCallback>();
    int? request;
    request = _request(method, params, (outcome) => _inviteAnswered(request, asker, outcome));
    if (request != null) _standing.asking.add(request);
    _pump();
    return asker.future;
  }

  Future<ActionCallback> _answer(String method, void Function(Outcome) Function(Part part) begin) {
    if (_standing.signIn != SignInState.signedIn || _destroyed) return Future.value(_notSignedIn());
    final ringing = _standing.ringing;
    if (ringing == null) {
      return Future.value(ActionCallback(code: CallingCode.wrongState, desc: 'nothing rings here'));
    }
    final asker = Completer<ActionCallback>();
    final answered = begin(ringing);
    _request(method, _naming(ringing), (outcome) {
      answered(outcome);
      asker.complete(_callbackOf(outcome));
    });
    _pump();
    return asker.future;
  }

  /// Leaves a call here; the server is told by whoever calls this.
  void _leave(Part part) {
    _change(() => _standing.leaves(part));
    if (!_hungUp.contains(part)) _hungUp.add(part);
    // Each is forgotten when the server has answered; this bounds what a server that never does can pile up.
    if (_hungUp.length > 16) _hungUp.removeAt(0);
  }

  void _hangUp(Part part) => _request('hangup', _naming(part), (outcome) => _hangupAnswered(part, outcome));

  void _tellServerOfMute(String call) =>
      _request('setMicMute', {'callId': call, 'isMute': _standing.muted}, _quietlyAnswered);

  void _tellServerOfCamera(String call) =>
      _request(_cameraOpen ? 'openCamera' : 'closeCamera', {'callId': call}, _quietlyAnswered);

  /// Makes a request; null (and refused with 6014) while signed out.
  int? _request(String method, Map<String, dynamic> params, void Function(Outcome) answered) {
    final line = _line;
    if (_standing.signIn != SignInState.signedIn || line == null || (_destroyed && method != 'logout')) {
      answered(refused(Refusal.notSignedIn));
      return null;
    }
    final id = line.session((session, now) => session.request(now, method, params));
    _waiting[id] = answered;
    return id;
  }

  /// Does what the session wants done and tells what there is to tell, in order, until there is nothing. A function that
  /// a listener calls meanwhile only adds to it.
  void _pump() {
    if (_pumping) return;
    _pumping = true;
    try {
      while (true) {
        while (_toTell.isNotEmpty) {
          final event = _toTell.removeFirst();
          if (!_standing.hasLeft(event.callId)) _listeners.tell(event);
        }
        final line = _line;
        if (line == null) return;
        line.setInCall(inCall: !_standing.idle);
        final output = line.session((session, _) => session.poll());
        if (output == null) return;
        _sessionWants(line, output);
      }
    } finally {
      _pumping = false;
    }
  }

  void _tell(CallingEvent event) {
    if (!_destroyed) _toTell.add(event);
  }
}

ActionCallback _callbackOf(Outcome outcome) => switch (outcome.refusal) {
      null => ActionCallback.success(),
      final refusal => ActionCallback.refused(refusal),
    };

/// The parameters of an answer to an invitation, or of the end of what came of it.
Map<String, dynamic> _naming(Part part) => {
      'callId': part.call,
      if (part.invitation != null) 'invitationId': part.invitation,
    };

/// A fraction of a second to ring counts as a whole one.
Map<String, dynamic> _options(Duration? timeout, String? userData) => {
      if (timeout != null) 'timeout': (timeout.inMilliseconds / 1000).ceil(),
      if (userData != null) 'userData': userData,
    };

/// Whether a text is a user id: 1 to 32 of `a-z A-Z 0-9 - _`.
bool isUserId(String text) => RegExp(r'^[A-Za-z0-9_-]{1,32}$').hasMatch(text);

ActionCallback _notAUserId() =>
    ActionCallback(code: CallingCode.badUserId, desc: 'a user id has 1 to 32 of the characters a-z A-Z 0-9 - _');

ActionCallback _notSignedIn() => ActionCallback.refused(Refusal.notSignedIn);
