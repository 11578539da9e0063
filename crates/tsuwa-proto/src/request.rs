//! What a device asks of the server.

use crate::{
    AppId, CallId, CallState, CallType, DeviceId, EventSeq, InvitationId, MediaMode, RequestId, SessionId, UserId,
};
use serde::{Deserialize, Serialize};

/// A request, its parameters checked.
#[derive(Clone, PartialEq, Debug)]
pub enum Request {
    /// `login`: begin a session, or renew the ticket of the one that this socket has.
    Login(Login),
    /// `resume`: go on with a session whose socket was lost.
    Resume(Resume),
    /// `ping`: is the server there? Answered at once.
    Ping,
    /// `mediaAnswer`: the SDP answer to a `mediaOffer`.
    MediaAnswer {
        /// The call.
        call_id: CallId,
        /// The offer that it answers.
        offer_id: u64,
        /// The answer.
        sdp: String,
    },
    /// `mediaRestart`: offer the media of this call anew, on a fresh transport (the network changed).
    MediaRestart {
        /// The call.
        call_id: CallId,
    },
    /// `queryRecentCalls`: the user's own calls that are over, the newest first.
    QueryRecentCalls {
        /// Only calls that began before this one.
        before: Option<CallId>,
        /// Most calls in the answer, 1 to [`crate::limits::RECENT_CALLS`].
        limit: usize,
    },
    /// What the switchboard decides.
    Act(Act),
}

/// `login`: who signs in, and with what.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The app.
    pub sdk_app_id: AppId,
    /// The user.
    pub user_id: UserId,
    /// The ticket; never logged.
    pub user_sig: String,
    /// The device, as the SDK named it once and for all.
    pub device_id: DeviceId,
    /// Whether the device carries media.
    pub media: MediaMode,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The ticket is a secret.
        f.debug_struct("Login").field("app", &self.sdk_app_id).field("user", &self.user_id).finish_non_exhaustive()
    }
}

/// `resume`: which session, the proof that it is ours, and what of it we have seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Resume {
    /// The app.
    pub sdk_app_id: AppId,
    /// The session.
    pub session_id: SessionId,
    /// What `login` gave for this.
    pub resume_token: String,
    /// The last event seen, 0 for none.
    pub last_seq: EventSeq,
}

impl std::fmt::Debug for Resume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token is a secret.
        f.debug_struct("Resume")
            .field("session", &self.session_id)
            .field("last_seq", &self.last_seq)
            .finish_non_exhaustive()
    }
}

/// The result of `login` and `resume`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// The session.
    pub session_id: SessionId,
    /// To be shown at `resume`.
    pub resume_token: String,
    /// How long the session is kept after its socket, in milliseconds.
    pub kept_ms: u64,
    /// The call that this user is in or invited to, if this device is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallState>,
}

/// A request that the switchboard decides; an input of the log.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Act {
    /// `logout`.
    Logout,
    /// `call`: invite one user, into the present call if there is one.
    Call {
        /// Whom.
        user_id: UserId,
        /// How.
        invite: Invite,
    },
    /// `groupCall`: invite several.
    GroupCall {
        /// Whom, as the request listed them.
        user_ids: Vec<UserId>,
        /// How.
        invite: Invite,
    },
    /// `accept`. Without an id it is refused: -1203 with nothing ringing, else -1202.
    Accept {
        /// The call.
        call_id: Option<CallId>,
        /// The invitation that is answered; whichever stands, if absent.
        #[serde(default)]
        invitation_id: Option<InvitationId>,
    },
    /// `reject`. Without an id as `accept`.
    Reject {
        /// The call.
        call_id: Option<CallId>,
        /// The invitation that is answered; whichever stands, if absent.
        #[serde(default)]
        invitation_id: Option<InvitationId>,
    },
    /// `hangup`.
    Hangup {
        /// What is to end.
        target: HangupTarget,
        /// The invitation that rings, or by which the device is in the call; however it is, if absent.
        #[serde(default)]
        invitation_id: Option<InvitationId>,
    },
    /// `setMicMute`.
    SetMicMute {
        /// The call.
        call_id: CallId,
        /// `true` shuts the microphone.
        is_mute: bool,
    },
    /// `openCamera` and `closeCamera`.
    SetCamera {
        /// The call.
        call_id: CallId,
        /// `true` opens it.
        is_open: bool,
    },
}

/// How an invitation is made.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Invite {
    /// Audio or video.
    pub kind: CallType,
    /// How long it rings, in seconds, if not as the app's policy says.
    pub timeout_s: Option<u32>,
    /// What goes along with it.
    pub user_data: Option<String>,
}

/// What a `hangup` is to end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum HangupTarget {
    /// A call by its id.
    Call(CallId),
    /// The call that this earlier request of the session began (its result was not there yet).
    Request(RequestId),
}
