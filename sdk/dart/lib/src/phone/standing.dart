import '../event.dart';
import '../wire/frames.dart';

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

  ({String id, Stage stage})? _call;

  /// Over, as was heard while a `call` had no answer: after a resume the answer may come behind the end of its call.
  final Set<String> _over = {};

  /// Ended by this device, while events of it may still be on their way.
  String? _left;

  /// The `call` and `groupCall` requests that have no answer yet, by their numbers.
  final Set<int> asking = {};

  /// The call, and how this device stands in it.
  ({String id, Stage stage})? get call => _call;

  /// The call that rings here.
  String? get ringing => switch (_call) {
        (:final id, stage: Stage.ringing) => id,
        _ => null,
      };

  /// The call that this device takes part in: as caller, or accepted.
  String? get takingPart => switch (_call) {
        (:final id, stage: Stage.calling || Stage.talking) => id,
        _ => null,
      };

  /// Neither in a call nor asking for one.
  bool get idle => _call == null && asking.isEmpty;

  /// A `call` was answered with a call. `false`: it was hung up meanwhile, or is over.
  bool askedAndGot(int request, String id) {
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
      case (id: final present, stage: Stage.talking) when present == id:
        break;
      // The `call` to one who was calling this user meanwhile is taken as an accept.
      case (id: final present, stage: Stage.ringing) when present == id:
        _call = (id: id, stage: Stage.talking);
      default:
        _call = (id: id, stage: Stage.calling);
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
  bool accepted(String id) {
    if (_call?.id != id) return false;
    _call = (id: id, stage: Stage.talking);
    return true;
  }

  /// This device has left the call by its own act.
  void leaves(String id) {
    _left = id;
    _ends(id);
  }

  /// What an event changes.
  void hears(CallingEvent event) {
    switch (event) {
      case Invited(callId: final id?):
        if (_left == id) _left = null;
        _over.remove(id);
        _call = (id: id, stage: Stage.ringing);
      case UserEntered(callId: final id?):
        final call = _call;
        // Without a call: after a new sign-in the server tells a call from its beginning.
        if (call == null ? asking.isEmpty && _left != id : call.id == id) _call = (id: id, stage: Stage.talking);
      case CallingCancelled(callId: final id?) || CallingTimedOut(callId: final id?) || CallEnded(callId: final id?):
        _ends(id);
      default:
        break;
    }
  }

  /// What the server says at sign-in.
  void finds(CallState state) => _call = (id: state.callId, stage: state.stage);

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
    if (_call?.id == id) _call = null;
    _muteEndsWithTheCall();
  }

  void _forgetsWhatIsOver() {
    if (asking.isEmpty) _over.clear();
  }

  void _muteEndsWithTheCall() {
    if (idle) muted = false;
  }
}
