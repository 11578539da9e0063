//! The records of calls: written while a call goes on, handed out at its end, forgotten when the store has them.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use tsuwa_call::{DeviceKey, HowEnded, Note, Switchboard};
use tsuwa_proto::{CallId, CallOutcome, CallRecord, DeviceId, InvitationRecord, LeftHow, Millis, StayRecord, UserId};

/// Most invitations, and most stays, in a record. Nine people can be in a call; more than a hundred came and went only
/// if somebody made a game of it.
const MOST: usize = 100;

/// The calls that go on, and those that are over and not known to be in the store.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    open: BTreeMap<CallId, Page>,
    unkept: VecDeque<CallRecord>,
}

/// A record that is being written.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
struct Page {
    record: CallRecord,
    /// Who is in the call, and since when.
    present: Vec<(DeviceKey, Millis)>,
    /// Who is invited: the place in the record, `None` if there was no room for it.
    invited: Vec<(UserId, Option<usize>)>,
    /// How the caller left, if it has.
    caller_left: Option<LeftHow>,
}

impl Ledger {
    /// For calls that began before there was a ledger.
    pub(crate) fn of(switchboard: &Switchboard) -> Self {
        let mut ledger = Self::default();
        for (at, note) in switchboard.retold() {
            ledger.note(at, &note);
        }
        ledger
    }

    /// Follows what happens. The record of a call that has just ended is given, and kept until [`Self::kept`].
    pub(crate) fn note(&mut self, at: Millis, note: &Note) -> Option<&CallRecord> {
        if let Note::CallStarted { call, caller, kind } = note {
            let record = CallRecord {
                call_id: *call,
                kind: *kind,
                caller: caller.user.clone(),
                caller_device: caller.device.clone(),
                started_at: at,
                ended_at: at,
                talked_ms: None,
                outcome: CallOutcome::Cancelled,
                invitations: Vec::new(),
                stays: Vec::new(),
                left_out: 0,
            };
            let present = vec![(caller.clone(), at)];
            self.open.insert(*call, Page { record, present, invited: Vec::new(), caller_left: None });
            return None;
        }
        let Note::CallEnded { call, talked_ms } = note else {
            if let Some(page) = self.open.get_mut(&note.call()) {
                page.note(at, note);
            }
            return None;
        };
        let record = self.open.remove(call)?.close(at, *talked_ms);
        self.unkept.push_back(record);
        self.unkept.back()
    }

    /// The store has these.
    pub(crate) fn kept(&mut self, calls: &[CallId]) {
        self.unkept.retain(|record| !calls.contains(&record.call_id));
    }

    /// The records that are not known to be in the store, in the order in which the calls ended.
    pub(crate) fn unkept(&self) -> impl Iterator<Item = &CallRecord> {
        self.unkept.iter()
    }

    /// How many calls go on.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }
}

impl Page {
    fn note(&mut self, at: Millis, note: &Note) {
        match note {
            Note::Invited { inviter, callee, kind, rings, .. } => {
                let invitation = InvitationRecord {
                    inviter: inviter.clone(),
                    callee: callee.clone(),
                    kind: *kind,
                    at,
                    ringing_ms: 0,
                    rang: *rings,
                    outcome: CallOutcome::NoAnswer,
                    device: None,
                    reason: None,
                };
                let place = self.record.invitations.len();
                let fits = place < MOST;
                if fits {
                    self.record.invitations.push(invitation);
                } else {
                    self.record.left_out = self.record.left_out.saturating_add(1);
                }
                self.invited.push((callee.clone(), fits.then_some(place)));
            }
            Note::InvitationEnded { callee, how, device, reason, rang_ms, .. } => {
                let Some(index) = self.invited.iter().position(|(user, _)| user == callee) else { return };
                let (user, place) = self.invited.remove(index);
                if let Some(invitation) = place.and_then(|place| self.record.invitations.get_mut(place)) {
                    invitation.ringing_ms = *rang_ms;
                    invitation.outcome = outcome(*how);
                    invitation.device.clone_from(device);
                    invitation.reason = *reason;
                }
                if let (HowEnded::Accepted, Some(device)) = (how, device) {
                    self.present.push((DeviceKey { user, device: device.clone() }, at));
                }
            }
            Note::Left { at: who, how, .. } => self.left(who, *how, at),
            Note::CallStarted { .. } | Note::CallEnded { .. } => {}
        }
    }

    fn left(&mut self, who: &DeviceKey, how: LeftHow, at: Millis) {
        let Some(index) = self.present.iter().position(|(present, _)| present.user == who.user) else { return };
        let (DeviceKey { user, device }, from) = self.present.remove(index);
        if user == self.record.caller {
            self.caller_left = Some(how);
        }
        if how == LeftHow::MediaFailed {
            self.never_heard(&user, &device);
        }
        if self.record.stays.len() < MOST {
            self.record.stays.push(StayRecord { user_id: user, device_id: device, from, until: at, left: how });
        } else {
            self.record.left_out = self.record.left_out.saturating_add(1);
        }
    }

    /// Somebody answered, and could not talk.
    fn never_heard(&mut self, user: &UserId, device: &DeviceId) {
        let answered = self.record.invitations.iter_mut().rev().find(|invitation| {
            invitation.callee == *user
                && invitation.outcome == CallOutcome::Answered
                && invitation.device.as_ref() == Some(device)
        });
        if let Some(invitation) = answered {
            invitation.outcome = CallOutcome::Failed;
        }
    }

    fn close(mut self, at: Millis, talked_ms: Option<u64>) -> CallRecord {
        self.record.ended_at = at;
        self.record.talked_ms = talked_ms;
        self.record.outcome = self.how_it_went();
        self.record
    }

    /// How it went for the caller: what was best of all that came of its invitations.
    fn how_it_went(&self) -> CallOutcome {
        // Who was answered and could not talk is told so.
        if self.caller_left == Some(LeftHow::MediaFailed) {
            return CallOutcome::Failed;
        }
        let any = |wanted| self.record.invitations.iter().any(|invitation| invitation.outcome == wanted);
        if any(CallOutcome::Answered) {
            return CallOutcome::Answered;
        }
        if any(CallOutcome::Failed) {
            return CallOutcome::Failed;
        }
        // The caller's own act comes before what others did not do.
        if any(CallOutcome::Cancelled) {
            return CallOutcome::Cancelled;
        }
        // Of several who did not answer, the last word, which ended the call.
        let last = self.record.invitations.iter().max_by_key(|invitation| invitation.at.plus(invitation.ringing_ms));
        last.map_or(CallOutcome::Cancelled, |invitation| invitation.outcome)
    }
}

pub(crate) fn outcome(how: HowEnded) -> CallOutcome {
    match how {
        HowEnded::Accepted => CallOutcome::Answered,
        HowEnded::Rejected => CallOutcome::Declined,
        HowEnded::Busy => CallOutcome::Busy,
        HowEnded::NoResponse => CallOutcome::NoAnswer,
        HowEnded::Cancelled => CallOutcome::Cancelled,
    }
}
