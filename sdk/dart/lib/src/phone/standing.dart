import '../event.dart';
import '../wire/frames.dart';

/// A call, and the invitation to it that rings here or by which this device is in it: 0 for none, as it made the call
/// itself. `null`: not known here, as somebody was heard of before anything else.
typedef Part = ({String call, int? invitation});

/// What the server says at a sign-in.
Part partOf(CallState state) => (call: state.callId, invitation: state.invitationId);

/// The same, as far as is known.
bool isSamePart(Part one, Part other) =>
    one.call == other.call &&
    (one.invitation == null || other.invitation == null || one.invitation == other.invitation);

/// Signed in, out, or between.
enum SignInState {
  /// Not signed in.
  out,

  /// A `login` has no answer yet.
  underWay,

  /// Signed in.
  signedIn,
}

/// Where a device stands: signed in or not, and in which call. It follows what listeners are told, so an answer carries
/// the id of the call that the app knows of.
final class Standing {
  /// Signed in or not.
  SignInState signIn = SignInState.out;

  /// The next call begins muted, or the present one is.
  bool muted = false;

  ({Part part, Stage stage})? _call;

  /// Over, as was heard while a `call` had no answer: after a resume the answer may come behind the end of its call.
  final Set<String> _over = {};

  /// Ended by this device, while events of it may still be on their way.
  String? _left;

  /// The `call` and `groupCall` requests that have no answer yet, by their numbers.
  final Set<int> asking = {};

  /// The call, and how this device stands in it.
  ({Part part, Stage stage})? get call => _call;

  /// What rings here.
  Part? get ringing => switch (_call) {
        (:final part, stage: Stage.ringing) => part,
        _ => null,
      };

  /// What this device takes part in: as caller, or accepted.
  Part? get takingPart => switch (_call) {
        (:final part, stage: Stage.calling || Stage.talking) => part,
        _ => null,
      };

  /// Neither in a call nor asking for one.
  bool get idle => _call == null && asking.isEmpty;

  /// A `call` was answered with a call. `false`: it was hung up meanwhile, or is over.
  bool askedAndGot(int request, Part got) {
    final id = got.call;
    if (!asking.remove(request)) {
      _left = id;
      return false;
    }
    final isOver = _over.contains(id);
    _forgetsWhatIsOver();
    if (isOver) {
      _muteEndsWithTheCall();
      return false;
    }
    switch (_call) {
      // Someone was invited into the call that there is, and it goes on as it was.
      case (part: (call: final present, invitation: _), stage: Stage.talking) when present == id:
        break;
      // The `call` to one who was calling this user meanwhile is taken as an accept.
      case (part: final present, stage: Stage.ringing) when isSamePart(present, got):
        _call = (part: got, stage: Stage.talking);
      default:
        _call = (part: got, stage: Stage.calling);
    }
    return true;
  }

  /// A `call` was refused, or nobody answered it.
  void askedInVain(int request) {
    asking.remove(request);
    _forgetsWhatIsOver();
    _muteEndsWithTheCall();
  }

  /// `accept` was answered with 0. `false`: the call was left meanwhile.
  bool accepted(Part part) {
    if (_call case (part: final present, stage: _) when isSamePart(present, part)) {
      _call = (part: part, stage: Stage.talking);
      return true;
    }
    return false;
  }

  /// This device has left the call by its own act.
  void leaves(Part part) {
    // It rings anew meanwhile.
    if (_call case (part: final present, stage: _) when present.call == part.call && !isSamePart(present, part)) return;
    _left = part.call;
    _ends(part.call);
  }

  /// What an event changes.
  void hears(CallingEvent event) {
    switch (event) {
      case Invited(callId: final id?, :final invitationId):
        if (_left == id) _left = null;
        _over.remove(id);
        _call = (part: (call: id, invitation: invitationId), stage: Stage.ringing);
      case UserEntered(callId: final id?):
        if (_call case (:final part, stage: _)) {
          if (part.call == id) _call = (part: part, stage: Stage.talking);
        } else if (asking.isEmpty) {
          // What the app knows as failed, or has hung up before it was answered: nothing of it is told.
          _left = id;
        }
      case CallingCancelled(callId: final id?) || CallingTimedOut(callId: final id?) || CallEnded(callId: final id?):
        _ends(id);
      default:
        break;
    }
  }

  /// What the server says at sign-in.
  void finds(CallState state) => _call = (part: partOf(state), stage: state.stage);

  /// Signed out: nothing of any call is left.
  void signedOut() {
    signIn = SignInState.out;
    _call = null;
    asking.clear();
    _over.clear();
    muted = false;
  }

  /// Whether this device has left the call by itself. Nothing more is told of it: the app may be making its next call by
  /// then, and the API's events don't say which call they are of.
  bool hasLeft(String? id) => id != null && id == _left;

  void _ends(String id) {
    if (asking.isNotEmpty) _over.add(id);
    if (_call?.part.call == id) _call = null;
    _muteEndsWithTheCall();
  }

  void _forgetsWhatIsOver() {
    if (asking.isEmpty) _over.clear();
  }

  void _muteEndsWithTheCall() {
    if (idle) muted = false;
  }
}
