//! What the server tells a device without being asked.

use crate::{CallId, CallType, Code, InvitationId, LeaveReason, Quality, UserId};
use serde::{Deserialize, Serialize};

/// An event of a session: numbered, delivered once and in order. The names are the API's callbacks.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "method", content = "params", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A fault that the SDK can't mend.
    OnError {
        /// What it is.
        code: Code,
        /// A sentence for developers.
        msg: String,
        /// The call that it befell, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_id: Option<CallId>,
    },
    /// Somebody invites this user.
    OnInvited {
        /// The call, to be named in `accept` and `reject`.
        call_id: CallId,
        /// This invitation, to be named beside it.
        #[serde(default)]
        invitation_id: InvitationId,
        /// Who invites.
        sponsor: UserId,
        /// The other callees of the same request.
        user_ids: Vec<UserId>,
        /// More than two will be in the call.
        is_from_group: bool,
        /// Audio or video.
        #[serde(rename = "type")]
        kind: CallType,
        /// How much longer it rings, in milliseconds, at the time the event was made.
        rings_for_ms: u64,
        /// What the inviter's app sent along.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_data: Option<String>,
    },
    /// An invited user declined (or blocks the inviter, or is unknown).
    OnReject {
        /// The call.
        call_id: CallId,
        /// Who.
        user_id: UserId,
    },
    /// An invited user did not answer in time.
    OnNoResp {
        /// The call.
        call_id: CallId,
        /// Who.
        user_id: UserId,
    },
    /// An invited user is in another call, or ringing.
    OnLineBusy {
        /// The call.
        call_id: CallId,
        /// Who.
        user_id: UserId,
    },
    /// The invitation is withdrawn; the phone stops ringing.
    OnCallingCancel {
        /// The call.
        call_id: CallId,
        /// Why, where it was not simply the inviter's hang-up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<CancelReason>,
    },
    /// The invitation was not answered in time; the phone stops ringing.
    OnCallingTimeOut {
        /// The call.
        call_id: CallId,
    },
    /// Somebody is in the call now.
    OnUserEnter {
        /// The call.
        call_id: CallId,
        /// Who.
        user_id: UserId,
    },
    /// Somebody is no longer in the call.
    OnUserLeave {
        /// The call.
        call_id: CallId,
        /// Who.
        user_id: UserId,
        /// Why.
        reason: LeaveReason,
    },
    /// Somebody's sound begins to flow, or is muted.
    OnUserAudioAvailable {
        /// The call.
        call_id: CallId,
        /// Whose.
        user_id: UserId,
        /// Whether there is sound to hear.
        available: bool,
    },
    /// Somebody's picture begins to flow, or is switched off.
    OnUserVideoAvailable {
        /// The call.
        call_id: CallId,
        /// Whose.
        user_id: UserId,
        /// Whether there is a picture to see.
        available: bool,
    },
    /// The call is over for this user.
    OnCallEnd {
        /// The call.
        call_id: CallId,
        /// Why, where it was not an ordinary end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<EndReason>,
    },
    /// A participant's device is lost (6, down) or back again.
    OnNetworkQuality {
        /// The call.
        call_id: CallId,
        /// Whose network.
        user_id: UserId,
        /// How it is.
        quality: Quality,
    },
    /// This device is out, since the user signed in on another one. The SDK does not reconnect by itself.
    OnKickedOffline {},
    /// The ticket has expired: the call goes on, new calls need a new `login`.
    OnUserSigExpired {},
}

impl Event {
    /// The call that the event speaks of, if it speaks of one.
    pub fn call_id(&self) -> Option<CallId> {
        match self {
            Self::OnError { call_id, .. } => *call_id,
            Self::OnInvited { call_id, .. }
            | Self::OnReject { call_id, .. }
            | Self::OnNoResp { call_id, .. }
            | Self::OnLineBusy { call_id, .. }
            | Self::OnCallingCancel { call_id, .. }
            | Self::OnCallingTimeOut { call_id }
            | Self::OnUserEnter { call_id, .. }
            | Self::OnUserLeave { call_id, .. }
            | Self::OnUserAudioAvailable { call_id, .. }
            | Self::OnUserVideoAvailable { call_id, .. }
            | Self::OnCallEnd { call_id, .. }
            | Self::OnNetworkQuality { call_id, .. } => Some(*call_id),
            Self::OnKickedOffline {} | Self::OnUserSigExpired {} => None,
        }
    }
}

/// Why an invitation was withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// Another device of this user took it.
    AnsweredElsewhere,
    /// Another device of this user declined it.
    RejectedElsewhere,
    /// The inviter was lost and did not come back within the grace.
    CallerLost,
    /// An administrator ended the call.
    EndedByServer,
}

/// Why a call ended, where it was not an ordinary end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// This device was lost for longer than the grace.
    TimedOut,
    /// An administrator ended it.
    EndedByServer,
    /// Signed in elsewhere.
    SignedInElsewhere,
    /// This device's media did not come up, or no worker could carry the call.
    MediaFailed,
}

/// What is true now and is not kept for later: unnumbered, lost with the socket.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "method", content = "params", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Signal {
    /// An SDP offer for the device's media in this call. Answer with `mediaAnswer`; a later offer replaces it.
    MediaOffer {
        /// The call.
        call_id: CallId,
        /// To be named in the answer.
        offer_id: u64,
        /// Whether this offer is for a transport of its own (a new `RTCPeerConnection`), or goes on with the last one.
        fresh: bool,
        /// The offer.
        sdp: String,
        /// Which m-line is whose.
        streams: Vec<Stream>,
    },
    /// How everybody's network is, every 2 s while media flows.
    OnNetworkQuality {
        /// The call.
        call_id: CallId,
        /// Whose network.
        user_id: UserId,
        /// How it is.
        quality: Quality,
    },
}

/// One m-line of a media offer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stream {
    /// The m-line's `a=mid`.
    pub mid: String,
    /// Sound or picture.
    pub kind: StreamKind,
    /// Whose stream comes down on it; absent on the m-lines that the device itself sends on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

/// What a stream carries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamKind {
    /// Sound.
    Audio,
    /// Picture.
    Video,
}

/// The call that a device is in, as the answer to `login` and `resume` tells it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallState {
    /// The call.
    pub call_id: CallId,
    /// The invitation that rings here, or by which this user is in the call; [`InvitationId::NONE`] for who made it.
    #[serde(default)]
    pub invitation_id: InvitationId,
    /// Audio or video, as this user's invitation or request said.
    #[serde(rename = "type")]
    pub kind: CallType,
    /// Where this user stands in it.
    pub stage: CallStage,
    /// The others who are in the call.
    pub users: Vec<Participant>,
}

/// Where a user stands in a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallStage {
    /// Invited, not answered.
    Ringing,
    /// The caller, nobody has joined yet.
    Calling,
    /// In the call with others.
    Talking,
}

/// Somebody else in the call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Who.
    pub user_id: UserId,
    /// Whether there is sound to hear.
    pub audio: bool,
    /// Whether there is a picture to see.
    pub video: bool,
}
