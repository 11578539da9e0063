part of 'phone.dart';

final _random = Random();

/// Signing in and out; what the session wants.
extension on Phone {
  Future<ActionCallback> _login(int sdkAppId, String userId, String userSig) {
    if (_destroyed) return Future.value(_notSignedIn());
    if (!isUserId(userId)) return Future.value(_notAUserId());
    if (userSig.isEmpty) return Future.value(ActionCallback(code: CallingCode.sigEmpty, desc: 'the UserSig is empty'));
    final asker = Completer<ActionCallback>();
    final line = _line;
    if (line == null) {
      final Uri url;
      try {
        url = socketUrl(_server());
      } on FormatException catch (error) {
        final desc = "the server's address ${error.message}";
        return Future.value(ActionCallback(code: CallingCode.badParameter, desc: desc));
      }
      final credentials = Credentials(
        sdkAppId: sdkAppId,
        userId: userId,
        userSig: userSig,
        deviceId: _deviceId,
        carriesMedia: _media.carriesMedia,
      );
      _standing.signIn = SignInState.underWay;
      _line = Line(credentials, url, asker, _open, _pump, _random.nextDouble);
    } else if (!line.signedIn) {
      return Future.value(ActionCallback(code: CallingCode.signInUnderWay, desc: 'a sign-in is already under way'));
    } else if (line.credentials.sdkAppId != sdkAppId || line.credentials.userId != userId) {
      return Future.value(
        ActionCallback(code: CallingCode.wrongState, desc: 'another user is signed in; log out first'),
      );
    } else {
      final id = line.session((session, now) => session.renew(now, userSig));
      _waiting[id] = (outcome) => asker.complete(_callbackOf(outcome));
    }
    _pump();
    return asker.future;
  }

  Future<ActionCallback> _logout() {
    final line = _line;
    if (line == null) return Future.value(_notSignedIn());
    if (!line.signedIn) {
      // The sign-in is given up; its own asker hears 6014 with the line's end.
      _hangUpTheLine();
      return Future.value(ActionCallback.success());
    }
    // The microphone does not wait for the server.
    _closeCall();
    final asker = Completer<ActionCallback>();
    _request('logout', const {}, (outcome) {
      // Signed out here in any case; without a connection the server finds out by itself.
      _hangUpTheLine();
      final isOut = outcome.refusal == null || outcome.refusal!.code == CallingCode.notSignedIn;
      asker.complete(isOut ? ActionCallback.success() : ActionCallback.refused(outcome.refusal!));
    });
    _pump();
    return asker.future;
  }

  void _sessionWants(Line line, SessionOutput output) {
    switch (output) {
      case Connect(:final link):
        line.connect(link);
      case SendText(:final link, :final text):
        line.send(link, text);
      case CloseSocket(:final link):
        line.close(link);
      case WakeAt(:final at):
        line.wakeAt(at);
      case SignedIn(:final welcome):
        _signedIn(line, welcome);
      case Lost():
        break;
      case Back():
        _mendMedia();
      case Told(:final event) when event.isPeriodic:
        _tell(event);
      case Told(:final event):
        _hears(event);
      case Offered(:final offer):
        _offered(offer);
      case Replied(:final id, :final outcome):
        _waiting.remove(id)?.call(outcome);
      case Fault(:final refusal):
        _tell(CallingError.of(refusal));
      case SessionRefused(:final refusal):
        _refused(line, refusal);
      case SignedOut():
        _hangUpTheLine();
    }
  }

  void _offered(MediaOffer offer) {
    final call = _standing.call;
    // The offer of a call that is just being made may overtake its answer.
    if (call == null ? _standing.idle : call.part.call != offer.callId) return;
    if (offer.fresh) _mediaWay = _MediaWay.stands;
    if (call == null) _offerIsAhead = true;
    _media.offer(offer);
  }

  void _signedIn(Line line, Welcome welcome) {
    final first = !line.signedIn;
    line.signedIn = true;
    _standing.signIn = SignInState.signedIn;
    _finds(welcome.call, first: first);
    if (!first) _mendMedia();
    line.login?.complete(ActionCallback.success());
    line.login = null;
  }

  /// The session is over for good.
  void _refused(Line line, Refusal refusal) {
    final login = line.login;
    line.login = null;
    if (login == null && refusal.code == CallingCode.signedInElsewhere) {
      // What the server had to say of it can't be delivered any more.
      if (!line.kicked) _tellOf(const KickedOffline());
      // An invitation goes on ringing where the user is now; here onKickedOffline has ended it.
      if (_standing.takingPart case final part?) _tellOf(CallEnded(part.call, 'signed_in_elsewhere'));
    } else if (login == null) {
      _tell(CallingError.of(refusal));
      if (_standing.call case final call?) _tellOf(_endOf(call));
    }
    _hangUpTheLine();
    login?.complete(ActionCallback.refused(refusal));
  }

  /// Signed out, by whomever.
  void _hangUpTheLine() {
    final line = _line;
    if (line == null) return;
    _line = null;
    line.end();
    line.login?.complete(ActionCallback(code: CallingCode.notSignedIn, desc: 'signed out meanwhile'));
    _change(_standing.signedOut);
    final waiting = List.of(_waiting.values);
    _waiting.clear();
    for (final answered in waiting) {
      answered(refused(Refusal.notSignedIn));
    }
    _hungUp.clear();
    _doubtful.clear();
    _resync = Resync();
  }
}
