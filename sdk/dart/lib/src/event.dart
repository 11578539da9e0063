import 'codes.dart';
import 'delegate.dart';

/// What kind of call an invitation is for.
abstract final class CallType {
  /// Voice.
  static const audio = 1;

  /// Voice and picture.
  static const video = 2;
}

/// What others, or the network, did: a callback of the API, with types. `TRTCCalling.events` is a stream of these.
sealed class CallingEvent {
  /// An event of the call [callId], or of none.
  const CallingEvent(this.callId);

  /// The call that the event speaks of, if it speaks of one.
  final String? callId;

  /// The callback that listeners get for it.
  TRTCCallingDelegate get type;

  /// The parameters that listeners get with it, in the shape that [TRTCCallingDelegate] says.
  dynamic get params;

  /// Whether it comes again and again, and the next one makes this one old.
  bool get isPeriodic => false;

  @override
  String toString() => '${type.name} $params';
}

/// An event about one user.
sealed class CallingUserEvent extends CallingEvent {
  /// An event about [userId].
  const CallingUserEvent(super.callId, this.userId);

  /// Who.
  final String userId;

  @override
  dynamic get params => userId;
}

/// `onError`: what the SDK can't mend by itself.
final class CallingError extends CallingEvent {
  /// An error of the call [callId], or of none.
  const CallingError(this.code, this.msg, [super.callId]);

  /// An error that the server's refusal tells.
  CallingError.of(Refusal refusal, [String? callId]) : this(refusal.code, refusal.desc, callId);

  /// The error code; [CallingCode] names them.
  final int code;

  /// What happened, for developers.
  final String msg;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onError;

  @override
  dynamic get params => <String, dynamic>{'code': code, 'msg': msg, 'errCode': code, 'errMsg': msg};
}

/// `onInvited`: somebody calls this user.
final class Invited extends CallingEvent {
  /// An invitation to the call [callId].
  const Invited(
    super.callId, {
    required this.sponsor,
    required this.userIds,
    required this.isFromGroup,
    required this.callType,
    required this.ringsFor,
    this.userData,
    this.invitationId,
  });

  /// Who calls.
  final String sponsor;

  /// Who else is invited by the same request.
  final List<String> userIds;

  /// Whether it is a call of more than two.
  final bool isFromGroup;

  /// [CallType.audio] or [CallType.video].
  final int callType;

  /// How much longer it rings, as the server saw it when it made the event.
  final Duration ringsFor;

  /// What the caller's app sent along.
  final String? userData;

  /// Which invitation to the call it is, as the same user may be invited to it again. `accept`, `reject` and `hangup` name
  /// it by themselves; `null` if the server does not say.
  final int? invitationId;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onInvited;

  @override
  dynamic get params => <String, dynamic>{
        'sponsor': sponsor,
        'userIds': List<String>.of(userIds),
        'isFromGroup': isFromGroup,
        'type': callType,
      };
}

/// `onReject`: an invited user declined.
final class Rejected extends CallingUserEvent {
  /// [userId] declined.
  const Rejected(super.callId, super.userId);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onReject;
}

/// `onNoResp`: an invited user did not answer in time.
final class NoResponse extends CallingUserEvent {
  /// [userId] did not answer.
  const NoResponse(super.callId, super.userId);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onNoResp;
}

/// `onLineBusy`: an invited user is in another call.
final class LineBusy extends CallingUserEvent {
  /// [userId] is busy.
  const LineBusy(super.callId, super.userId);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onLineBusy;
}

/// `onCallingCancel`: the invitation was withdrawn.
final class CallingCancelled extends CallingEvent {
  /// The invitation to [callId] was withdrawn.
  const CallingCancelled(super.callId, [this.reason]);

  /// Why, where it was not simply the inviter's hang-up: `answered_elsewhere`, `rejected_elsewhere`, `caller_lost`,
  /// `ended_by_server`.
  final String? reason;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onCallingCancel;

  @override
  dynamic get params => <String, dynamic>{};
}

/// `onCallingTimeOut`: the invitation was not answered in time.
final class CallingTimedOut extends CallingEvent {
  /// The invitation to [callId] has timed out.
  const CallingTimedOut(super.callId);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onCallingTimeOut;

  @override
  dynamic get params => <String, dynamic>{};
}

/// `onUserEnter`: a user joined the call.
final class UserEntered extends CallingUserEvent {
  /// [userId] joined.
  const UserEntered(super.callId, super.userId);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onUserEnter;
}

/// `onUserLeave`: a user left the call.
final class UserLeft extends CallingUserEvent {
  /// [userId] left.
  const UserLeft(super.callId, super.userId, this.reason);

  /// 0 left, 1 timed out, 2 removed.
  final int reason;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onUserLeave;
}

/// `onUserAudioAvailable`: a user's sound begins to flow, or is muted.
final class UserAudioAvailable extends CallingUserEvent {
  /// Of [userId].
  const UserAudioAvailable(super.callId, super.userId, {required this.available});

  /// Whether there is sound to hear.
  final bool available;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onUserAudioAvailable;

  @override
  dynamic get params => <String, dynamic>{'userId': userId, 'available': available};
}

/// `onUserVideoAvailable`: a user's picture begins to flow, or is switched off.
final class UserVideoAvailable extends CallingUserEvent {
  /// Of [userId].
  const UserVideoAvailable(super.callId, super.userId, {required this.available});

  /// Whether there is a picture to see.
  final bool available;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onUserVideoAvailable;

  @override
  dynamic get params => <String, dynamic>{'userId': userId, 'available': available};
}

/// `onUserVoiceVolume`: how loud everybody in the call is.
final class UserVoiceVolume extends CallingEvent {
  /// Volumes in [callId].
  const UserVoiceVolume(super.callId, this.userVolumes, this.totalVolume);

  /// Each participant's, 0 to 100; this user under its own id.
  final Map<String, int> userVolumes;

  /// All the remote participants together, 0 to 100.
  final int totalVolume;

  @override
  bool get isPeriodic => true;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onUserVoiceVolume;

  @override
  dynamic get params => <String, dynamic>{
        'userVolumes': [
          for (final MapEntry(:key, :value) in userVolumes.entries) <String, dynamic>{'userId': key, 'volume': value},
        ],
        'totalVolume': totalVolume,
      };
}

/// `onNetworkQuality`: how a participant's network is.
final class NetworkQuality extends CallingUserEvent {
  /// Of [userId].
  const NetworkQuality(super.callId, super.userId, this.quality);

  /// 0 unknown, 1 excellent, 2 good, 3 poor, 4 bad, 5 very bad, 6 down (the device is lost).
  final int quality;

  @override
  bool get isPeriodic => true;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onNetworkQuality;

  @override
  dynamic get params => <String, dynamic>{'userId': userId, 'quality': quality};
}

/// `onCallEnd`: the call is over.
final class CallEnded extends CallingEvent {
  /// [callId] is over.
  const CallEnded(super.callId, [this.reason]);

  /// Why, where it was not an ordinary end: `timed_out`, `ended_by_server`, `signed_in_elsewhere`, `media_failed`.
  final String? reason;

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onCallEnd;

  @override
  dynamic get params => <String, dynamic>{};
}

/// `onKickedOffline`: this device is out, since the user signed in on another one.
final class KickedOffline extends CallingEvent {
  /// The device is out.
  const KickedOffline() : super(null);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onKickedOffline;

  @override
  dynamic get params => <String, dynamic>{};
}

/// `onUserSigExpired`: the ticket has expired.
final class UserSigExpired extends CallingEvent {
  /// The ticket has expired.
  const UserSigExpired() : super(null);

  @override
  TRTCCallingDelegate get type => TRTCCallingDelegate.onUserSigExpired;

  @override
  dynamic get params => <String, dynamic>{};
}
