part of 'client_session.dart';

/// Where a session stands, named for what it waits for.
sealed class SessionStage {
  /// A stage.
  const SessionStage();

  /// The connection in use.
  int? get link;
}

/// For the end of the pause before the next attempt.
final class Resting extends SessionStage {
  /// Until then.
  const Resting(this.until);

  /// The end of the pause.
  final Duration until;

  @override
  int? get link => null;
}

/// For the socket to open.
final class Connecting extends SessionStage {
  /// A connection that must be open by then.
  const Connecting(this.link, this.by);

  @override
  final int link;

  /// When to give it up.
  final Duration by;
}

/// For the answer to `login` or `resume`.
final class SigningIn extends SessionStage {
  /// A request that must be answered by then.
  const SigningIn(this.link, this.by, this.request, {required this.resumes});

  @override
  final int link;

  /// When to give it up.
  final Duration by;

  /// The request's number.
  final int request;

  /// It is a `resume`.
  final bool resumes;
}

/// For nothing: signed in.
final class Up extends SessionStage {
  /// Since then.
  const Up(this.link, this.since);

  @override
  final int link;

  /// When it was signed in.
  final Duration since;
}

/// For nothing more.
final class Over extends SessionStage {
  /// The end.
  const Over();

  @override
  int? get link => null;
}

extension on ClientSession {
  /// Waits for as long as the back-off says, and connects.
  void _rest(Duration now) {
    final pause = _backOff.next(inCall: _inCall);
    _stage = Resting(now + pause);
    if (pause == Duration.zero) _connect(now);
  }

  void _connect(Duration now) {
    final link = _nextLink++;
    _stage = Connecting(link, _attemptBy(now));
    _out.add(Connect(link));
  }

  Duration _attemptBy(Duration now) => now + (_inCall ? connectInCall : connectIdle);

  /// The socket is open, or a `resume` on it was refused: resume if there is something to resume, else log in.
  void _signIn(Duration now, int link) {
    final request = _nextId++;
    final held = _held;
    if (held == null) {
      _send(link, requestFrame(request, 'login', _login._params(_pending.newestTicket)));
    } else {
      _send(
        link,
        requestFrame(request, 'resume', {
          'sdkAppId': _login.sdkAppId,
          'sessionId': held.id,
          'resumeToken': held.token,
          'lastSeq': _receipts.last,
        }),
      );
    }
    _stage = SigningIn(link, _attemptBy(now), request, resumes: held != null);
  }

  void _signedIn(Duration now, int link, Welcome welcome, {required bool resumes}) {
    _held = (id: welcome.sessionId, token: welcome.resumeToken);
    _firstBy = null;
    _stage = Up(link, now);
    _pulse = Pulse(now, inCall: _inCall);
    if (resumes) {
      _receipts.told();
      _out.add(Back(welcome));
    } else {
      _receipts = Receipts();
      _out.add(SignedIn(welcome));
    }
    _sendPending(now);
  }

  void _signInRefused(Duration now, int link, Refusal refusal, {required bool resumes}) {
    const passing = {CallingCode.rateLimited, CallingCode.tooManyFailures, CallingCode.signInUnderWay};
    // A server that is going down says so to those who sign in; another comes up in its place.
    final goingDown = refusal.code == CallingCode.noMediaWorker && _firstBy == null;
    final passes = goingDown || passing.contains(refusal.code);
    if (refusal.code == CallingCode.signedInElsewhere || (!resumes && (_firstBy != null || !passes))) {
      return _refusedForGood(refusal);
    }
    if (passes) return _dropConnection(now);
    // The session is gone (or its proof is not worth anything any more). The ticket decides.
    if (_pending.isLoggingOut) return _loggedOut();
    _held = null;
    for (final asked in _pending.sessionGone()) {
      if (asked.told) continue;
      final code = asked.sent ? CallingCode.noAnswer : CallingCode.noConnection;
      _out.add(Replied(asked.id, refused(Refusal(code, 'the session was lost before the server answered'))));
    }
    _signIn(now, link);
  }

  /// The socket has ended by itself.
  void _connectionGone(Duration now) {
    if (_kicked) {
      _stage = const Over();
      return _refusedForGood(const Refusal(CallingCode.signedInElsewhere, 'signed in elsewhere; this device is out'));
    }
    if (_stage case Up(:final since)) {
      if (now - since >= lasted) _backOff.reset();
      _out.add(const Lost());
    }
    _pending.connectionGone();
    _rest(now);
  }

  /// Gives the connection up and makes it anew.
  void _dropConnection(Duration now) {
    if (_stage.link case final link?) _out.add(CloseSocket(link));
    _connectionGone(now);
  }

  /// A call has begun: what is waited for is not waited for any longer than a call allows.
  void _hurry(Duration now) {
    final latest = _attemptBy(now);
    switch (_stage) {
      case Resting(:final until) when until > now + backOffInCall:
        _stage = Resting(now + backOffInCall);
      case Connecting(:final link, :final by) when by > latest:
        _stage = Connecting(link, latest);
      case SigningIn(:final link, :final by, :final request, :final resumes) when by > latest:
        _stage = SigningIn(link, latest, request, resumes: resumes);
      default:
        break;
    }
  }

  /// The session is over, and every request answered.
  void _refusedForGood(Refusal refusal) {
    _end(refusal);
    _out.add(SessionRefused(refusal));
  }

  void _loggedOut() {
    _end(Refusal.notSignedIn);
    _out.add(const SignedOut());
  }

  void _end(Refusal refusal) {
    for (final asked in _pending.drain()) {
      if (asked.told) continue;
      // The session's end is what a logout asks for.
      final isDone = asked.sent && asked.method == 'logout';
      _out.add(Replied(asked.id, isDone ? done(const {}) : refused(refusal)));
    }
    if (_stage.link case final link?) _out.add(CloseSocket(link));
    _stage = const Over();
  }

  /// What time alone brings about.
  void _actOnStage(Duration now) {
    final firstBy = _firstBy;
    if (firstBy != null && firstBy <= now && _stage is! Over) {
      return _refusedForGood(_reached ? Refusal.noAnswer : Refusal.noConnection);
    }
    switch (_stage) {
      case Resting(:final until) when until <= now:
        _connect(now);
      case Connecting(:final by) when by <= now:
        _dropConnection(now);
      case SigningIn(:final by) when by <= now:
        _dropConnection(now);
      case Up(:final link):
        final asksAgain = _pulse.hasOverslept(now), deadAt = _pulse.deadAt;
        if (deadAt != null && deadAt <= now) return _dropConnection(now);
        _sendAckIfDue(now, link);
        _sendPending(now);
        if (asksAgain || _pulse.pingAt <= now) {
          _pulse.pinged(now);
          _send(link, requestFrame(_nextId++, 'ping', const {}));
        }
      default:
        break;
    }
  }

  Duration? _nextDue() {
    final stage = _stage;
    if (stage is Over) return null;
    final dues = [
      ...switch (stage) {
        Resting(:final until) => [until],
        Connecting(:final by) || SigningIn(:final by) => [by],
        Up() => [_pulse.pingAt, _pulse.deadAt, _receipts.ackAt],
        Over() => const <Duration?>[],
      },
      _pending.nextDue,
      _firstBy,
    ].nonNulls;
    return dues.reduce((a, b) => a < b ? a : b);
  }
}
