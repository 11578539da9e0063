//! What is kept of a call that is over, and what one of its people sees of it.

use crate::{CallId, CallType, CancelReason, DeviceId, Millis, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A call from its beginning to its end. There is exactly one for each `call` or `groupCall` that began a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// The call.
    pub call_id: CallId,
    /// Audio or video, as the request that began it said.
    #[serde(rename = "type")]
    pub kind: CallType,
    /// Who began it.
    pub caller: UserId,
    /// On which device.
    pub caller_device: DeviceId,
    /// When it began.
    pub started_at: Millis,
    /// When it was over for everybody.
    pub ended_at: Millis,
    /// How long at least two people were in it, in milliseconds; absent if nobody joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talked_ms: Option<u64>,
    /// How it went for the one who began it.
    pub outcome: CallOutcome,
    /// Every invitation, in the order in which they were made.
    pub invitations: Vec<InvitationRecord>,
    /// Every stay of somebody in the call, in the order in which they ended.
    pub stays: Vec<StayRecord>,
    /// So many invitations and stays were more than a record holds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
}

/// One invitation.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitationRecord {
    /// Who invited.
    pub inviter: UserId,
    /// Whom.
    pub callee: UserId,
    /// Audio or video.
    #[serde(rename = "type")]
    pub kind: CallType,
    /// When.
    pub at: Millis,
    /// How long it stood, in milliseconds.
    pub ringing_ms: u64,
    /// Whether a device of the callee was signed in when it was made.
    pub rang: bool,
    /// How it ended, as the inviter saw it.
    pub outcome: CallOutcome,
    /// The callee's device that answered or declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// Why it was cancelled, where it was not simply the inviter's hang-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<CancelReason>,
}

/// Somebody's stay in a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StayRecord {
    /// Who.
    pub user_id: UserId,
    /// On which device.
    pub device_id: DeviceId,
    /// Since when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// How it ended.
    pub left: LeftHow,
}

/// How an invitation, or a call, went for the one who made it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// Somebody answered.
    Answered,
    /// Nobody did in time.
    NoAnswer,
    /// Declined, or the callee has blocked the inviter.
    Declined,
    /// The callee was in another call, or one rang there.
    Busy,
    /// Withdrawn before an answer.
    Cancelled,
    /// Answered or not: the media did not come up.
    Failed,
}

/// How somebody's stay in a call ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftHow {
    /// By its own hang-up.
    HungUp,
    /// It was lost, or its media was, and not back within the grace.
    TimedOut,
    /// Its media did not come up.
    MediaFailed,
    /// The user signed in on another device.
    SignedInElsewhere,
    /// An administrator signed it out.
    Removed,
    /// It signed out.
    LoggedOut,
    /// An administrator ended the call, or no media worker could carry it.
    EndedByServer,
    /// Nobody else was left.
    LastOne,
}

/// A call as one of its people sees it: an entry of `queryRecentCalls`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentCall {
    /// The call.
    pub call_id: CallId,
    /// Audio or video, as this user's request or invitation said.
    #[serde(rename = "type")]
    pub kind: CallType,
    /// Who called.
    pub direction: Direction,
    /// The others: of a call made, everybody invited or in it; of one received, the inviter first.
    pub user_ids: Vec<UserId>,
    /// When it began for this user.
    pub started_at: Millis,
    /// When the call was over.
    pub ended_at: Millis,
    /// How long it rang for this user, or at the one who was called, in milliseconds.
    pub ringing_ms: u64,
    /// How long this user was in the call with somebody else there, in milliseconds; 0 if never.
    pub talked_ms: u64,
    /// How it went.
    pub outcome: SeenOutcome,
}

/// Who called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// This user.
    Outgoing,
    /// Somebody else.
    Incoming,
}

/// How a call went, as one of its people sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenOutcome {
    /// They talked.
    Answered,
    /// It came in, and was not answered: nobody was there, this user was busy, or it was withdrawn.
    Missed,
    /// It went out, and was not answered.
    NoAnswer,
    /// It went out and was declined; or this user declined it.
    Declined,
    /// It went out, and the other was busy.
    Busy,
    /// Another device of this user took it.
    AnsweredElsewhere,
    /// It went out, and this user hung up before an answer.
    Cancelled,
    /// The media did not come up.
    Failed,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl CallRecord {
    /// Everybody who was in it or invited.
    pub fn users(&self) -> BTreeSet<&UserId> {
        let invited = self.invitations.iter().flat_map(|invitation| [&invitation.inviter, &invitation.callee]);
        let stayed = self.stays.iter().map(|stay| &stay.user_id);
        std::iter::once(&self.caller).chain(invited).chain(stayed).collect()
    }

    /// What a user sees of it, on one of its devices or on any; `None` for somebody whom it did not concern.
    pub fn seen_by(&self, user: &UserId, device: Option<&DeviceId>) -> Option<RecentCall> {
        if *user == self.caller { Some(self.outgoing(user)) } else { self.incoming(user, device) }
    }

    fn outgoing(&self, user: &UserId) -> RecentCall {
        let outcome = match self.outcome {
            CallOutcome::Answered => SeenOutcome::Answered,
            CallOutcome::NoAnswer => SeenOutcome::NoAnswer,
            CallOutcome::Declined => SeenOutcome::Declined,
            CallOutcome::Busy => SeenOutcome::Busy,
            CallOutcome::Cancelled => SeenOutcome::Cancelled,
            CallOutcome::Failed => SeenOutcome::Failed,
        };
        let ringing_ms = self.invitations.first().map_or(0, |invitation| invitation.ringing_ms);
        self.seen(user, Direction::Outgoing, self.kind, self.started_at, ringing_ms, outcome)
    }

    fn incoming(&self, user: &UserId, device: Option<&DeviceId>) -> Option<RecentCall> {
        // Whoever declined and was asked again has the last word. What was refused on the callee's behalf, since it has
        // blocked the inviter, was never shown to it, and is not now.
        let refused =
            |invitation: &InvitationRecord| invitation.outcome == CallOutcome::Declined && invitation.device.is_none();
        let own =
            || self.invitations.iter().rev().filter(|invitation| invitation.callee == *user && !refused(invitation));
        let answered =
            own().find(|invitation| matches!(invitation.outcome, CallOutcome::Answered | CallOutcome::Failed));
        let invitation = answered.or_else(|| own().next())?;
        let outcome = match invitation.outcome {
            CallOutcome::Answered | CallOutcome::Failed if device.is_some() && invitation.device.as_ref() != device => {
                SeenOutcome::AnsweredElsewhere
            }
            CallOutcome::Answered => SeenOutcome::Answered,
            CallOutcome::Failed => SeenOutcome::Failed,
            CallOutcome::Declined => SeenOutcome::Declined,
            CallOutcome::NoAnswer | CallOutcome::Busy | CallOutcome::Cancelled => SeenOutcome::Missed,
        };
        let (kind, at, ringing_ms) = (invitation.kind, invitation.at, invitation.ringing_ms);
        let mut seen = self.seen(user, Direction::Incoming, kind, at, ringing_ms, outcome);
        if let Some(place) = seen.user_ids.iter().position(|other| *other == invitation.inviter) {
            let inviter = seen.user_ids.remove(place);
            seen.user_ids.insert(0, inviter);
        }
        Some(seen)
    }

    fn seen(
        &self,
        user: &UserId,
        direction: Direction,
        kind: CallType,
        started_at: Millis,
        ringing_ms: u64,
        outcome: SeenOutcome,
    ) -> RecentCall {
        RecentCall {
            call_id: self.call_id,
            kind,
            direction,
            user_ids: self.users().into_iter().filter(|other| *other != user).cloned().collect(),
            started_at,
            ended_at: self.ended_at,
            ringing_ms,
            talked_ms: self.talked_ms_of(user),
            outcome,
        }
    }

    /// How long a user was in it with somebody else there, in milliseconds.
    fn talked_ms_of(&self, user: &UserId) -> u64 {
        let own = self.stays.iter().filter(|stay| stay.user_id == *user);
        own.map(|stay| self.company_ms(stay)).sum()
    }

    fn company_ms(&self, own: &StayRecord) -> u64 {
        let mut spans: Vec<(Millis, Millis)> = self
            .stays
            .iter()
            .filter(|other| other.user_id != own.user_id)
            .map(|other| (other.from.max(own.from), other.until.min(own.until)))
            .filter(|(from, until)| from < until)
            .collect();
        spans.sort_unstable();
        let mut covered = Millis::default();
        let mut total = 0;
        for (from, until) in spans {
            total += until.since(from.max(covered));
            covered = covered.max(until);
        }
        total
    }
}
