//! What the switchboard decides.

use crate::DeviceKey;
use serde::{Deserialize, Serialize};
use tsuwa_proto::{CallId, CallType, CancelReason, DeviceId, Event, InvitationId, LeftHow, Millis, Refusal, UserId};

/// One consequence of an input, in the order in which they are to take effect.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Output {
    /// The answer to the request or administrator's act that was handled.
    Reply(Result<Reply, Refusal>),
    /// An event for a device that has a session.
    Event {
        /// To whom.
        to: DeviceKey,
        /// What.
        event: Event,
    },
    /// The device's session is over; events before this one are still to be delivered.
    SignedOut {
        /// Whose.
        at: DeviceKey,
        /// Why.
        why: SignedOutWhy,
    },
    /// For the media rooms.
    Media(MediaCommand),
    /// For records and metrics.
    Note(Note),
}

/// What a request that was done has to say.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Nothing more.
    Done,
    /// The call that the request began, joined or invited into. To the inviter of a group, nothing of who was busy:
    /// that comes as events.
    Call {
        /// The call.
        call_id: CallId,
        /// The invitation by which the device that asked is in it; none for who made it.
        #[serde(default)]
        invitation_id: InvitationId,
        /// Its type: of the request, or, where a `call` was taken as an accept, of the invitation.
        kind: CallType,
    },
}

/// Why a session is over.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedOutWhy {
    /// `logout`.
    LoggedOut,
    /// Signed in on another device, where the policy is one; or too many devices.
    Kicked,
    /// An administrator signed it out.
    Removed,
    /// A `login` with the same device id took its place.
    Replaced,
}

/// What the media rooms are to do. A leg is one device in one call.
///
/// A leg is closed at first: nothing of it is forwarded in either direction until `Admit`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum MediaCommand {
    /// Place the call on a worker and make its room; answered by `Placed` or `PlaceFailed`.
    Open {
        /// The call.
        call: CallId,
    },
    /// Make a leg and send the device an offer. If the leg is there, only `video` is new.
    Leg {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
        /// Whether pictures are to be offered too.
        video: bool,
    },
    /// From now on the leg's packets are forwarded to the other admitted legs, and theirs to it.
    Admit {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
    },
    /// Stop or let pass what the leg sends. Letting pass arms `Flowing` again.
    Mute {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
        /// Sound or picture.
        kind: tsuwa_proto::StreamKind,
        /// `true`: stop it.
        muted: bool,
    },
    /// Take the leg away.
    Drop {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
    },
    /// Take the whole room away.
    Close {
        /// The call.
        call: CallId,
    },
}

/// What happened, for records and metrics.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Note {
    /// A call has begun.
    CallStarted {
        /// The call.
        call: CallId,
        /// By whom, and where; from now on in the call.
        caller: DeviceKey,
        /// Audio or video.
        kind: CallType,
    },
    /// Somebody was invited.
    Invited {
        /// The call.
        call: CallId,
        /// By whom.
        inviter: UserId,
        /// Whom.
        callee: UserId,
        /// Audio or video.
        kind: CallType,
        /// The other callees of the same request.
        others: Vec<UserId>,
        /// More than two will be in the call.
        is_from_group: bool,
        /// What the inviter's app sent along.
        user_data: Option<String>,
        /// Until when it may ring; `None` if it never stood: its end, busy or refused, is the next note.
        until: Option<Millis>,
        /// Whether any device of the callee rings; if none does, a push is to wake one.
        rings: bool,
    },
    /// An invitation ended.
    InvitationEnded {
        /// The call.
        call: CallId,
        /// Whose invitation.
        callee: UserId,
        /// How.
        how: HowEnded,
        /// The device that accepted, from now on in the call, or that rejected.
        device: Option<DeviceId>,
        /// Why it was cancelled, where it was not simply the inviter's hang-up.
        reason: Option<CancelReason>,
        /// Whether it stood at all; if not, it was busy or refused at once.
        stood: bool,
        /// How long it stood, in milliseconds.
        rang_ms: u64,
    },
    /// Somebody is in the call no longer.
    Left {
        /// The call.
        call: CallId,
        /// Who, and where.
        at: DeviceKey,
        /// How.
        how: LeftHow,
    },
    /// The call is over for everybody.
    CallEnded {
        /// The call.
        call: CallId,
        /// How long at least two people were in it, in milliseconds; `None` if nobody ever joined.
        talked_ms: Option<u64>,
    },
}

impl Note {
    /// The call that it speaks of.
    pub fn call(&self) -> CallId {
        match self {
            Self::CallStarted { call, .. }
            | Self::Invited { call, .. }
            | Self::InvitationEnded { call, .. }
            | Self::Left { call, .. }
            | Self::CallEnded { call, .. } => *call,
        }
    }
}

/// The ways in which an invitation ends: each in exactly one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowEnded {
    /// Accepted.
    Accepted,
    /// Rejected (or refused by a blocklist within a `groupCall`).
    Rejected,
    /// Busy.
    Busy,
    /// No response.
    NoResponse,
    /// Cancelled by the inviter, its loss, or an administrator.
    Cancelled,
}
