//! What listeners are told.

use serde::Serialize;
use std::time::Duration;
use tsuwa_proto::{CallId, CallType, CancelReason, EndReason, Event, LeaveReason, Quality, UserId, Volume};

/// The callbacks of `TRTCCallingDelegate`, as one enum.
///
/// Events tell what others, or the network, did. What this device did itself is answered by the
/// [`crate::ActionCallback`] of its own function: who hangs up, rejects or logs out gets no event for it.
///
/// Serialised, an event is `{"event": "onUserEnter", "params": {…}}` with the API document's own names.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "event", content = "params", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum TrtcCallingEvent {
    /// An error that the SDK can't mend by itself: of media, a device, the protocol, or the refusal of a function that
    /// returns nothing. Watch for it, and tell the user as the situation asks.
    OnError {
        /// The error code ([`tsuwa_proto::Code`]).
        code: i32,
        /// What happened, for developers.
        msg: String,
    },
    /// This user is invited to a call: the phone rings. Answer with `accept` or `reject`.
    OnInvited {
        /// Who calls.
        sponsor: UserId,
        /// Who else is invited by the same request, this user left out.
        user_ids: Vec<UserId>,
        /// Whether it is a call of more than two.
        is_from_group: bool,
        /// 1 voice, 2 video.
        #[serde(rename = "type")]
        kind: CallType,
        /// What the caller's app sent along.
        #[serde(skip_serializing_if = "Option::is_none")]
        user_data: Option<String>,
        /// How much longer it rings, as the server saw it when it sent this.
        #[serde(rename = "ringsForMs", serialize_with = "as_millis")]
        rings_for: Duration,
    },
    /// (To the inviter.) The invited user declined.
    OnReject {
        /// Who declined.
        user_id: UserId,
    },
    /// (To the inviter.) The invited user did not answer in time.
    OnNoResp {
        /// Who did not answer.
        user_id: UserId,
    },
    /// (To the inviter.) The invited user is in another call.
    OnLineBusy {
        /// Who is busy.
        user_id: UserId,
    },
    /// (To the invited.) The invitation was withdrawn before it was answered; stop ringing.
    OnCallingCancel {
        /// Why, where it was not simply the inviter's hang-up.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<CancelReason>,
    },
    /// (To the invited.) The invitation was not answered in time; stop ringing. The API document spells it both
    /// `onCallingTimeOut` and `onCallingTimeout`; it is one event.
    OnCallingTimeOut {},
    /// A user joined the call.
    OnUserEnter {
        /// Who joined.
        user_id: UserId,
    },
    /// A user left the call.
    OnUserLeave {
        /// Who left.
        user_id: UserId,
        /// 0 left, 1 timed out, 2 removed.
        reason: LeaveReason,
    },
    /// A user's sound begins to flow, or is muted.
    OnUserAudioAvailable {
        /// Whose sound.
        user_id: UserId,
        /// Whether there is sound to hear.
        available: bool,
    },
    /// A user's picture begins to flow, or is switched off.
    OnUserVideoAvailable {
        /// Whose picture.
        user_id: UserId,
        /// Whether there is a picture to see.
        available: bool,
    },
    /// How loud everybody in the call is, every 500 ms unless set otherwise.
    OnUserVoiceVolume {
        /// Every participant, 0 when silent; this user under its own id.
        user_volumes: Vec<UserVolume>,
        /// All the remote participants together, 0 to 100.
        total_volume: Volume,
    },
    /// How a participant's network is, every 2 s; and at once when a device is lost (6, down) or back.
    OnNetworkQuality {
        /// Whose network.
        user_id: UserId,
        /// 0 unknown, 1 excellent … 5 very bad, 6 down.
        quality: Quality,
    },
    /// The call is over.
    OnCallEnd {
        /// Why, where it was not an ordinary end.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<EndReason>,
    },
    /// This user signed in on another device and this one is out. The SDK does not reconnect by itself.
    OnKickedOffline {},
    /// The UserSig has expired. The call goes on; new calls need a new `login`.
    OnUserSigExpired {},
}

/// How loud one participant is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserVolume {
    /// Who.
    pub user_id: UserId,
    /// 0 to 100.
    pub volume: Volume,
}

fn as_millis<S: serde::Serializer>(span: &Duration, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_u64(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}

impl TrtcCallingEvent {
    /// The callback's name in the API document.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OnError { .. } => "onError",
            Self::OnInvited { .. } => "onInvited",
            Self::OnReject { .. } => "onReject",
            Self::OnNoResp { .. } => "onNoResp",
            Self::OnLineBusy { .. } => "onLineBusy",
            Self::OnCallingCancel { .. } => "onCallingCancel",
            Self::OnCallingTimeOut {} => "onCallingTimeOut",
            Self::OnUserEnter { .. } => "onUserEnter",
            Self::OnUserLeave { .. } => "onUserLeave",
            Self::OnUserAudioAvailable { .. } => "onUserAudioAvailable",
            Self::OnUserVideoAvailable { .. } => "onUserVideoAvailable",
            Self::OnUserVoiceVolume { .. } => "onUserVoiceVolume",
            Self::OnNetworkQuality { .. } => "onNetworkQuality",
            Self::OnCallEnd { .. } => "onCallEnd",
            Self::OnKickedOffline {} => "onKickedOffline",
            Self::OnUserSigExpired {} => "onUserSigExpired",
        }
    }

    /// Whether it comes again and again, and the next one makes this one old.
    pub fn is_periodic(&self) -> bool {
        matches!(self, Self::OnUserVoiceVolume { .. } | Self::OnNetworkQuality { .. })
    }

    /// The event of the protocol, without the call that it speaks of.
    pub(crate) fn of(event: Event) -> (Option<CallId>, Self) {
        let call = event.call_id();
        let told = match event {
            Event::OnError { code, msg, .. } => Self::OnError { code: code.number(), msg },
            Event::OnInvited { sponsor, user_ids, is_from_group, kind, rings_for_ms, user_data, .. } => {
                let rings_for = Duration::from_millis(rings_for_ms);
                Self::OnInvited { sponsor, user_ids, is_from_group, kind, user_data, rings_for }
            }
            Event::OnReject { user_id, .. } => Self::OnReject { user_id },
            Event::OnNoResp { user_id, .. } => Self::OnNoResp { user_id },
            Event::OnLineBusy { user_id, .. } => Self::OnLineBusy { user_id },
            Event::OnCallingCancel { reason, .. } => Self::OnCallingCancel { reason },
            Event::OnCallingTimeOut { .. } => Self::OnCallingTimeOut {},
            Event::OnUserEnter { user_id, .. } => Self::OnUserEnter { user_id },
            Event::OnUserLeave { user_id, reason, .. } => Self::OnUserLeave { user_id, reason },
            Event::OnUserAudioAvailable { user_id, available, .. } => Self::OnUserAudioAvailable { user_id, available },
            Event::OnUserVideoAvailable { user_id, available, .. } => Self::OnUserVideoAvailable { user_id, available },
            Event::OnCallEnd { reason, .. } => Self::OnCallEnd { reason },
            Event::OnNetworkQuality { user_id, quality, .. } => Self::OnNetworkQuality { user_id, quality },
            Event::OnKickedOffline {} => Self::OnKickedOffline {},
            Event::OnUserSigExpired {} => Self::OnUserSigExpired {},
        };
        (call, told)
    }
}
