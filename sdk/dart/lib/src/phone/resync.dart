import '../event.dart';
import '../wire/frames.dart';
import 'standing.dart';

/// A new session in the place of one that the server no longer had: what it tells from the beginning is told once, and
/// what it no longer has is over.
final class Resync {
  final Map<String, ({bool audio, bool video})> _users = {};

  /// The call that [_users] are in: it may be one whose `call` has no answer yet.
  String? _usersOf;
  String? _ended;

  /// A call that the server did not name at the last sign-in: its end may still be told by the server itself.
  ({Part part, Stage stage})? doubtful;

  /// Whether this was told before.
  bool isKnown(CallingEvent event, Part? ringing) => switch (event) {
        Invited(:final callId?, :final invitationId) => ringing == (call: callId, invitation: invitationId),
        UserEntered(:final callId, :final userId) => _known(callId, userId) != null,
        UserAudioAvailable(:final callId, :final userId, :final available) =>
          _known(callId, userId)?.audio == available,
        UserVideoAvailable(:final callId, :final userId, :final available) =>
          _known(callId, userId)?.video == available,
        CallEnded(:final callId) => _ended == callId,
        _ => false,
      };

  /// This is told now.
  void notes(CallingEvent event) {
    if (event.callId case final call? when call != _usersOf) {
      _users.clear();
      _usersOf = call;
    }
    switch (event) {
      case Invited(:final callId):
        // Invited again into a call that was over for this user: it knows nobody there.
        _users.clear();
        if (_ended == callId) _ended = null;
      case UserEntered(:final userId):
        _users[userId] = (audio: false, video: false);
      case UserLeft(:final userId):
        _users.remove(userId);
      case UserAudioAvailable(:final userId, :final available):
        _users[userId] = (audio: available, video: _users[userId]?.video ?? false);
      case UserVideoAvailable(:final userId, :final available):
        _users[userId] = (audio: _users[userId]?.audio ?? false, video: available);
      case CallEnded(:final callId):
        _ended = callId;
      default:
        break;
    }
  }

  /// The call is left or over.
  void forgetUsers() => _users.clear();

  ({bool audio, bool video})? _known(String? call, String user) => call == _usersOf ? _users[user] : null;

  /// What the listeners' picture of the call has and the server's has not.
  List<CallingEvent> missingIn(CallState state) => [
        for (final MapEntry(key: user, value: known) in _usersOf == state.callId ? _users.entries : const [])
          if (state.users[user] case final now?) ...[
            if (known.audio && !now.audio) UserAudioAvailable(state.callId, user, available: false),
            if (known.video && !now.video) UserVideoAvailable(state.callId, user, available: false),
          ] else
            UserLeft(state.callId, user, 0),
      ];
}
