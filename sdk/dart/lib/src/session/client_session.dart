import 'dart:collection';

import '../codes.dart';
import '../event.dart';
import '../wire/frames.dart';
import 'back_off.dart';
import 'output.dart';
import 'pending.dart';
import 'receipts.dart';
import 'timing.dart';

part 'stages.dart';

/// Who signs in, and with what.
final class Credentials {
  /// A sign-in.
  Credentials({
    required this.sdkAppId,
    required this.userId,
    required this.userSig,
    required this.deviceId,
    required this.carriesMedia,
  });

  /// The app.
  final int sdkAppId;

  /// The user.
  final String userId;

  /// The ticket; the newest one that the server took. A secret.
  String userSig;

  /// The device.
  final String deviceId;

  /// Whether the device carries media, or signals only.
  final bool carriesMedia;

  Map<String, dynamic> _params([String? newest]) => {
        'sdkAppId': sdkAppId,
        'userId': userId,
        'userSig': newest ?? userSig,
        'deviceId': deviceId,
        'media': carriesMedia ? 'webrtc' : 'none',
      };
}

/// A device's session with a server, without socket and clock: signs in, numbers and repeats requests, drops events that
/// it has had, notices a dead socket and comes back by itself.
///
const _tooMany = Refusal(CallingCode.rateLimited, 'too many requests have no answer');

/// The shell tells it what happens, with the moment (any clock that never goes back), and after each call takes
/// [poll] until that gives null. It begins by asking for a connection.
final class ClientSession {
  /// Begins to sign in. [draw] gives numbers from 0 to 1 (1 left out) for the jitter of the back-off.
  ClientSession(Duration now, this._login, double Function() draw)
      : _backOff = BackOff(draw),
        _pulse = Pulse(now, inCall: false),
        _stage = Resting(now),
        _firstBy = now + answerWithin {
    _rest(now);
    _schedule();
  }

  final Credentials _login;
  final BackOff _backOff;
  final Pending _pending = Pending();
  final Queue<SessionOutput> _out = Queue();
  Receipts _receipts = Receipts();
  Pulse _pulse;
  ({String id, String token})? _held;
  SessionStage _stage;
  bool _inCall = false;
  bool _reached = false;
  bool _kicked = false;

  /// Until the first sign-in succeeded: when to give up.
  Duration? _firstBy;
  Duration? _wakeAt;
  int _nextLink = 1;
  int _nextId = 1;

  /// What is to be done or told next, in order.
  SessionOutput? poll() => _out.isEmpty ? null : _out.removeFirst();

  /// Signed in and connected.
  bool get isUp => _stage is Up;

  /// The connection is open.
  void opened(Duration now, int link) {
    if (_stage case Connecting(link: final ours) when ours == link) {
      _reached = true;
      _pulse = Pulse(now, inCall: _inCall);
      _signIn(now, link);
    }
    _schedule();
  }

  /// The connection is closed, or could not be opened; with the WebSocket's close code, if there was one.
  void closed(Duration now, int link, [int? code]) {
    if (_stage.link == link) {
      _kicked |= staysAway.contains(code);
      _connectionGone(now);
    }
    _schedule();
  }

  /// A text frame came.
  void frame(Duration now, int link, String text) {
    if (_stage.link == link) {
      _pulse.heard(now);
      _read(now, link, text);
    }
    _schedule();
  }

  /// Makes a request by the protocol's name and parameters; `logout` ends the session when it is done. Its answer is a
  /// [Replied]. Made while there is no connection, it waits for one, [answerWithin] at most.
  int request(Duration now, String method, Map<String, dynamic> params) {
    final id = _nextId++;
    if (_stage is Over) {
      _out.add(Replied(id, refused(Refusal.notSignedIn)));
    } else if (_pending.isFull(method) && !_makeRoom(method)) {
      _out.add(Replied(id, refused(_tooMany)));
    } else {
      _pending.add(Asked(id, method, params, now));
      _sendPending(now);
    }
    _schedule();
    return id;
  }

  /// Signs in again with a new ticket, in place: the session stays.
  int renew(Duration now, String userSig) => request(now, 'login', _login._params(userSig));

  bool _makeRoom(String method) {
    final dropped = _pending.makeRoom(method);
    if (dropped != null && !dropped.told) _out.add(Replied(dropped.id, refused(_tooMany)));
    return dropped != null;
  }

  /// The device is in a call, or no longer: how closely the connection is watched, and how long the pauses may get.
  void setInCall(Duration now, {required bool inCall}) {
    _inCall = inCall;
    _pulse.setInCall(now, inCall: inCall);
    if (inCall) _hurry(now);
    _schedule();
  }

  /// The device's network has changed (Wi-Fi to mobile): don't wait, connect anew at once.
  void networkChanged(Duration now) {
    if (_stage is! Over) {
      _backOff.reset();
      _dropConnection(now);
    }
    _schedule();
  }

  /// The moment of the last [WakeAt] has come. Earlier or later does no harm.
  void timer(Duration now) {
    _wakeAt = null;
    for (final (id, sent) in _pending.overdue(now)) {
      _out.add(Replied(id, refused(sent && isUp ? Refusal.noAnswer : Refusal.noConnection)));
    }
    _actOnStage(now);
    _schedule();
  }

  void _schedule() {
    final due = _nextDue();
    if (due == _wakeAt) return;
    _wakeAt = due;
    if (due != null) _out.add(WakeAt(due));
  }

  void _read(Duration now, int link, String text) {
    final FromServer frame;
    try {
      frame = parseServer(text);
    } on FormatException {
      _out.add(const Fault(Refusal(CallingCode.notARequest, 'the server sent a frame that is none')));
      return;
    }
    switch (frame) {
      case ReplyFrame(id: final id?, :final outcome):
        _answered(now, link, id, outcome);
      case ReplyFrame(outcome: (result: _, refusal: final refusal?)):
        _out.add(Fault(refusal));
      case EventFrame(:final seq, :final event):
        if (!isUp || !_receipts.see(now, seq)) return;
        if (event != null) {
          _kicked |= event is KickedOffline;
          _out.add(Told(event));
        }
        _sendAckIfDue(now, link);
      case SignalFrame(:final event):
        if (isUp) _out.add(Told(event));
      case OfferFrame(:final offer):
        if (isUp) _out.add(Offered(offer));
      case ReplyFrame() || UnknownFrame():
        break;
    }
  }

  void _answered(Duration now, int link, int id, Outcome outcome) {
    switch (_stage) {
      case SigningIn(:final request, :final resumes) when request == id:
        var refusal = outcome.refusal;
        Welcome? welcome;
        if (refusal == null) {
          welcome = _welcome(outcome);
          refusal = const Refusal(CallingCode.notARequest, "the server's welcome can't be read");
        }
        if (welcome != null) {
          _signedIn(now, link, welcome, resumes: resumes);
        } else {
          _signInRefused(now, link, refusal, resumes: resumes);
        }
      case Up():
        _requestAnswered(now, id, outcome);
      default:
        break;
    }
  }

  void _requestAnswered(Duration now, int id, Outcome outcome) {
    if (outcome.refusal?.code == CallingCode.rateLimited && _pending.sayAgain(now, id)) return;
    // Else it is a ping's, or its caller has stopped waiting.
    final asked = _pending.take(id);
    if (asked == null) return;
    if (asked.method == 'login' && outcome.refusal == null) {
      _login.userSig = asked.params['userSig'] as String;
      final welcome = _welcome(outcome);
      if (welcome != null) _held = (id: welcome.sessionId, token: welcome.resumeToken);
    }
    if (!asked.told) _out.add(Replied(id, outcome));
    if (asked.method == 'logout' && outcome.refusal == null) return _loggedOut();
    _sendPending(now);
  }

  Welcome? _welcome(Outcome outcome) {
    try {
      return Welcome.of(outcome.result!);
    } on FormatException {
      return null;
    } on TypeError {
      return null;
    }
  }

  void _send(int link, String text) => _out.add(SendText(link, text));

  /// Everything that has not gone out on this connection, in order.
  void _sendPending(Duration now) {
    if (_stage case Up(:final link)) {
      for (final asked in _pending.send(now)) {
        _send(link, requestFrame(asked.id, asked.method, asked.params));
      }
    }
  }

  void _sendAckIfDue(Duration now, int link) {
    final at = _receipts.ackAt;
    if (at == null || at > now) return;
    _receipts.told();
    _send(link, requestFrame(null, 'ack', {'seq': _receipts.last}));
  }
}
