/// The callbacks of a [TRTCCalling], as the first parameter of a listener. What the second one holds is said at each.
///
/// Events tell what others, or the network, did. What this device did itself is answered by the `ActionCallback` of its
/// own function: who hangs up, rejects or logs out gets no event for it.
library;

/// A listener: which callback it is, and its parameters ([TRTCCallingDelegate] says which).
typedef VoiceListenerFunc<P> = void Function(TRTCCallingDelegate type, P params);

/// The callbacks. A listener is a function that gets one of these and its parameters.
enum TRTCCallingDelegate {
  /// An error that the SDK can't mend by itself: of media, a device, the protocol, or the refusal of a function that
  /// returns nothing. Be sure to watch for it, and show the user what the situation asks for.
  ///
  /// A map: `code` (int) the error code, `msg` (String) what happened; `errCode` and `errMsg` are the same again, as
  /// the media SDK of this API spelled them.
  onError,

  /// (To the inviter.) The invited user declined. The user's id.
  onReject,

  /// (To the inviter.) The invited user did not answer in time. The user's id.
  onNoResp,

  /// (To the inviter.) The invited user is in another call. The user's id.
  onLineBusy,

  /// This user is invited to a call: the phone rings.
  ///
  /// A map: `sponsor` (String) who calls, `userIds` (`List<String>`) who else is invited by the same request,
  /// `isFromGroup` (bool) whether it is a call of more than two, `type` (int) 1 voice, 2 video.
  onInvited,

  /// (To the invited.) The invitation was withdrawn before it was answered, or was answered on another device of this
  /// user: stop ringing. An empty map.
  onCallingCancel,

  /// (To the invited.) The invitation was not answered in time: stop ringing. An empty map.
  onCallingTimeOut,

  /// A user joined the call. The user's id.
  onUserEnter,

  /// A user left the call. The user's id.
  onUserLeave,

  /// A user's sound begins to flow, or is muted. A map: `userId` (String), `available` (bool).
  onUserAudioAvailable,

  /// A user's picture begins to flow, or is switched off. A map: `userId` (String), `available` (bool).
  onUserVideoAvailable,

  /// How loud everybody in the call is, every 500 ms.
  ///
  /// A map: `userVolumes`, a list with a map `{userId, volume}` for each participant (0 when silent; this user under
  /// its own id), and `totalVolume` (int), all the remote participants together. Volumes are 0 to 100.
  onUserVoiceVolume,

  /// The call is over. An empty map.
  onCallEnd,

  /// This user signed in on another device and this one is out. The SDK does not reconnect by itself. An empty map.
  onKickedOffline,

  /// How a participant's network is, every 2 s; and at once when a device is lost (6, down) or back.
  ///
  /// A map: `userId` (String), `quality` (int) 0 unknown, 1 excellent, 2 good, 3 poor, 4 bad, 5 very bad, 6 down.
  onNetworkQuality,

  /// The UserSig has expired. The call goes on; new calls need a new `login`. An empty map.
  onUserSigExpired,

  /// Never emitted: what would be a warning mends itself here. It is named so that a `switch` of an app that lists it
  /// goes on compiling.
  onWarning,

  /// Never emitted: there are no rooms to enter, `onUserEnter` tells that a call is connected. Named as [onWarning] is.
  onEnterRoom,

  /// Never emitted: each invitee is told to the one who invited it, by its own callback. Named as [onWarning] is.
  onGroupCallInviteeListUpdate;

  /// The other spelling of [onCallingTimeOut] in use. It is the same value, and the event is emitted once.
  static const onCallingTimeout = onCallingTimeOut;
}
