part of 'phone.dart';

/// What the server answers and tells, and what it means for the microphone.
extension on Phone {
  /// A numbered event.
  void _hears(CallingEvent event) {
    if (event is KickedOffline) _line?.kicked = true;
    if (event case Invited(:final callId?, :final invitationId)) {
      final part = (call: callId, invitation: invitationId);
      // Left here; a new sign-in is told of it before the server is.
      if (invitationId != null && _hungUp.contains(part)) return;
      // It rings anew: what was left was an earlier time.
      _hungUp.removeWhere((left) => left.call == callId);
      _settleEarlier(part);
    }
    _settleBefore(event.callId);
    if (!_resync.isKnown(event, _standing.ringing)) _tellOf(event);
  }

  /// Applies an event and tells it.
  void _tellOf(CallingEvent event) {
    _resync.notes(event);
    _change(() => _standing.hears(event));
    // The answer to this app's own `accept` was lost, and here is what came of it.
    if ((_accepting, _standing.takingPart) case (final part?, final present?) when isSamePart(part, present)) {
      _openMicrophone(part.call);
    }
    _tell(event);
  }

  /// Applies a change to the standing, and to media what follows from it.
  T _change<T>(T Function() change) {
    final before = _standing.call?.part.call, muted = _standing.muted;
    final held = change();
    final present = _standing.call?.part.call;
    // Who came in before `call` was answered stays.
    if (before != null && before != present) {
      _resync.forgetUsers();
      _closeCall();
    }
    if (muted != _standing.muted) _media.setMicMute(_standing.muted);
    _settleDoubts();
    return held;
  }

  /// Nobody is to be rung by what the app knows as failed. Said when there is no call and none is asked for: it may have
  /// been into that one, which is to go on.
  void _settleDoubts() {
    if (!_standing.idle) return;
    final doubtful = List.of(_doubtful);
    _doubtful.clear();
    for (final request in doubtful) {
      _request('hangup', {'request': request}, (outcome) => _hangupAnswered(null, outcome));
    }
  }

  /// The only place where a microphone opens: after this app's own `call` or `accept`, or where it signs in again and is
  /// in a call still.
  void _openMicrophone(String call) {
    _accepting = null;
    if (_microphoneFor == call) return;
    _microphoneFor = call;
    _media.openMicrophone();
    if (_standing.muted) _tellServerOfMute(call);
    if (_cameraOpen) _tellServerOfCamera(call);
  }

  /// Microphone, camera and transports are closed.
  void _closeCall() {
    _accepting = null;
    _microphoneFor = null;
    _mediaWay = _MediaWay.stands;
    _offerIsAhead = false;
    _cameraOpen = false;
    _media.endCall();
  }

  void _inviteAnswered(int? request, Completer<ActionCallback> asker, Outcome outcome) {
    final call = outcome.result?['callId'];
    var refusal = outcome.refusal;
    if (refusal == null && call is! String) {
      refusal = const Refusal(CallingCode.notARequest, "the server's answer names no call");
    }
    if (refusal == null && call is String) {
      final invitation = outcome.result?['invitationId'];
      final got = (call: call, invitation: invitation is int ? invitation : null);
      if (_change(() => _standing.askedAndGot(request!, got))) _openMicrophone(call);
    } else if (request != null) {
      if (refusal!.isUnanswered && _standing.asking.contains(request)) _doubtful.add(request);
      _change(() => _standing.askedInVain(request));
    }
    // Nothing came of it, or it was over already.
    if (_offerIsAhead && _standing.idle) _closeCall();
    asker.complete(refusal == null ? ActionCallback.success() : ActionCallback.refused(refusal));
  }

  void _hangupAnswered(Part? of, Outcome outcome) {
    switch (outcome.refusal?.code) {
      case CallingCode.noAnswer || CallingCode.noConnection:
        // Said again when the server has this device in that call at the next sign-in.
        return;
      case null || CallingCode.invitationOver || CallingCode.invitationNotYours || CallingCode.notSignedIn:
        // It was over, or never began: idle is silent.
        break;
      case CallingCode.rateLimited:
        // The same; but the app is to know that it asks for too much.
        return _tell(CallingError.of(outcome.refusal!, of?.call));
      default:
        _tell(CallingError.of(outcome.refusal!, of?.call));
    }
    _hungUp.remove(of);
  }

  /// Of a function that returns nothing.
  void _quietlyAnswered(Outcome outcome) {
    switch (outcome.refusal) {
      // The call is over: the event tells, and there is nothing left to do it to.
      case null || Refusal(code: CallingCode.invitationOver || CallingCode.notSignedIn):
        break;
      case final refusal:
        _tell(CallingError.of(refusal));
    }
  }

  /// What the server says at a sign-in of the call that this device is in. [first]: of this `login`.
  void _finds(CallState? found, {required bool first}) {
    var state = found;
    if (state != null && _hungUp.any((left) => isSamePart(left, partOf(state!)))) {
      _leave(partOf(state));
      _hangUp(partOf(state));
      state = null;
    }
    switch ((_standing.call, state)) {
      case (null, null):
        return;
      case (null, CallState(stage: Stage.ringing)):
        return; // `onInvited` follows
      case (null, final state?) when first:
        // The app was closed in a call, and signs in within the grace. Its `login` is the act by which the microphone
        // opens again.
        _change(() => _standing.finds(state));
        _openMicrophone(state.callId);
      case (null, final state?):
        // The app knows of no call: it was told that its `call` failed.
        if (_standing.idle) {
          _leave(partOf(state));
          _hangUp(partOf(state));
        }
      case ((part: final known, stage: _), final state?) when _goesOn(known, state):
        _resync.missingIn(state).forEach(_tellOf);
      case (final known?, _):
        _resync.doubtful = known;
    }
    // Its answer comes behind whatever the server has to tell at this sign-in.
    if (!first) _request('ping', const {}, (_) => _settleSignIn());
  }

  /// A call that the server does not have any more is over, if it has not said so itself by now.
  void _settleSignIn() {
    final doubtful = _resync.doubtful;
    _resync.doubtful = null;
    if (doubtful != null && _standing.call?.part == doubtful.part) _tellOf(_endOf(doubtful));
  }

  /// Whether the server means the call that the app knows: not where the user is invited to it again.
  bool _goesOn(Part known, CallState state) =>
      known.call == state.callId && (state.stage != Stage.ringing || isSamePart(known, partOf(state)));

  /// It rings for a call that the app knows of, and that time's end was never told: the session was a new one.
  void _settleEarlier(Part ringing) {
    if (_standing.call case final earlier? when earlier.part.call == ringing.call && !isSamePart(earlier.part, ringing)) {
      _tellOf(_endOf(earlier));
    }
  }

  /// Something of another call comes: the doubtful one's end is told first.
  void _settleBefore(String? call) {
    if (call != null && _resync.doubtful != null && _resync.doubtful!.part.call != call) _settleSignIn();
  }

  /// How this device's own end of a call is told where the server can't tell it any more.
  CallingEvent _endOf(({Part part, Stage stage}) call) => switch (call.stage) {
        Stage.ringing => CallingCancelled(call.part.call),
        Stage.calling || Stage.talking => CallEnded(call.part.call),
      };
}
