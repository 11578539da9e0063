//! What an operator's own server is told by webhooks.

use crate::{CallId, CallOutcome, CallRecord, CallType, CancelReason, DeviceId, Millis, UserId};
use serde::{Deserialize, Serialize};

/// One webhook. Those of a call come in the order of their numbers; each is repeated until it is taken, so one may
/// come twice: call and number tell.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// The call.
    pub call_id: CallId,
    /// 1, 2, 3 … within the call.
    pub number: u64,
    /// When it happened.
    pub at: Millis,
    /// What.
    #[serde(flatten)]
    pub event: HookEvent,
}

/// What happened. Every `call.started` is followed by one `call.ended`, every `call.invited` by one `call.answered` or
/// `call.cancelled` of the same user.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub enum HookEvent {
    /// Somebody calls.
    #[serde(rename = "call.started")]
    Started {
        /// The call.
        call_id: CallId,
        /// Audio or video.
        #[serde(rename = "type")]
        kind: CallType,
        /// Who calls.
        caller: UserId,
        /// On which device.
        caller_device: DeviceId,
    },
    /// An invitation stands. What a push gateway needs to wake a phone.
    #[serde(rename = "call.invited")]
    Invited {
        /// The call.
        call_id: CallId,
        /// Who is invited.
        user_id: UserId,
        /// Who invites.
        sponsor: UserId,
        /// Audio or video.
        #[serde(rename = "type")]
        kind: CallType,
        /// The other callees of the same request.
        user_ids: Vec<UserId>,
        /// More than two will be in the call.
        is_from_group: bool,
        /// Until when it rings; a push that would come later is not worth sending.
        expires_at: Millis,
        /// Whether a device of the user is signed in, and rings.
        online: bool,
        /// What the inviter's app sent along.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_data: Option<String>,
    },
    /// The invitation was accepted: its phones stop ringing.
    #[serde(rename = "call.answered")]
    Answered {
        /// The call.
        call_id: CallId,
        /// Who accepted.
        user_id: UserId,
        /// On which device.
        device_id: DeviceId,
        /// How long it rang, in milliseconds.
        ringing_ms: u64,
    },
    /// The invitation ended in another way: its phones stop ringing.
    #[serde(rename = "call.cancelled")]
    Cancelled {
        /// The call.
        call_id: CallId,
        /// Who was invited.
        user_id: UserId,
        /// `no_answer`, `declined` or `cancelled`.
        outcome: CallOutcome,
        /// Why it was cancelled, where it was not simply the inviter's hang-up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<CancelReason>,
        /// How long it rang, in milliseconds.
        ringing_ms: u64,
    },
    /// The call is over for everybody.
    #[serde(rename = "call.ended")]
    Ended(Box<CallRecord>),
}
