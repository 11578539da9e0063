//! The webhooks that wait to be taken: in order within a call, each call for itself.

use crate::ledger;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tsuwa_call::{HowEnded, Note};
use tsuwa_proto::{CallId, CallRecord, Hook, HookEvent, Millis, UserId};

/// Most webhooks that wait, of all calls together: at fifty calls a second, ten minutes of a receiver that is down. A call
/// that begins beyond that gets none at all, rather than half of its story.
const MOST: usize = 100_000;
/// The same by their size in bytes: 500 each, so that it matters only where apps send much with their invitations.
const MOST_BYTES: usize = MOST * 500;
/// Most that wait of one call. Invitations beyond that are not told of, and neither are their ends: else two who talk
/// through a receiver's outage, and invite all the while, would fill the memory. As many as a record has invitations.
const MOST_OF_A_CALL: usize = 100;
/// A webhook without what follows, in bytes: names, ids, moments (docs/webhooks.md has examples).
const BARE_BYTES: usize = 250;
/// An invitation or a stay in a record, in bytes.
const PART_BYTES: usize = 200;

/// The webhooks of an app.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Hooks {
    /// Whether anybody wants them.
    on: bool,
    calls: BTreeMap<CallId, Story>,
    waiting: usize,
    /// About how many bytes those are.
    #[serde(default)]
    bytes: usize,
}

/// The webhooks of a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
struct Story {
    /// The number of the last one made.
    last: u64,
    /// The first is the one that is being delivered.
    waiting: VecDeque<Hook>,
    /// Who is invited without a word of it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    untold: BTreeSet<UserId>,
    /// The last one was made; when that is taken, the story is over.
    ended: bool,
}

/// What follows from a note.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// Nothing new is to be delivered.
    Nothing,
    /// This webhook is to be delivered now.
    Deliver(Box<Hook>),
    /// There was no room for this call's webhooks.
    Full(CallId),
}

impl Hooks {
    /// Whether webhooks are wanted. Those of nobody's are forgotten.
    pub(crate) fn set(&mut self, on: bool) {
        if !on {
            *self = Self::default();
        }
        self.on = on;
    }

    /// Follows what happens. `record`: of a call that ends.
    pub(crate) fn note(&mut self, at: Millis, note: &Note, record: Option<&CallRecord>) -> Next {
        let call = note.call();
        if let Note::CallStarted { .. } = note {
            if !self.on {
                return Next::Nothing;
            }
            if self.waiting >= MOST || self.bytes >= MOST_BYTES {
                return Next::Full(call);
            }
            self.calls.insert(call, Story::default());
        }
        let Some(story) = self.calls.get_mut(&call).filter(|story| !story.ended) else { return Next::Nothing };
        let Some(event) = event(note, record).filter(|event| story.tells(event)) else { return Next::Nothing };
        story.ended = matches!(event, HookEvent::Ended(_));
        story.last = story.last.saturating_add(1);
        let hook = Hook { call_id: call, number: story.last, at, event };
        self.waiting = self.waiting.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes(&hook));
        story.waiting.push_back(hook.clone());
        if story.waiting.len() == 1 { Next::Deliver(Box::new(hook)) } else { Next::Nothing }
    }

    /// This one needs no more delivering; gives the call's next.
    pub(crate) fn done(&mut self, call: CallId, number: u64) -> Option<Hook> {
        let story = self.calls.get_mut(&call)?;
        // A word that came twice is of one that is gone.
        if story.waiting.front()?.number != number {
            return None;
        }
        let done = story.waiting.pop_front()?;
        self.waiting = self.waiting.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes(&done));
        if story.ended && story.waiting.is_empty() {
            self.calls.remove(&call);
            return None;
        }
        story.waiting.front().cloned()
    }

    /// The first of each call.
    pub(crate) fn firsts(&self) -> impl Iterator<Item = &Hook> {
        self.calls.values().filter_map(|story| story.waiting.front())
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many calls have any, or will.
    pub(crate) fn calls(&self) -> usize {
        self.calls.len()
    }
}

impl Story {
    /// Whether there is room for it; of an invitation both ends are told or none.
    fn tells(&mut self, event: &HookEvent) -> bool {
        match event {
            HookEvent::Invited { user_id, .. } if self.waiting.len() >= MOST_OF_A_CALL => {
                self.untold.insert(user_id.clone());
                false
            }
            HookEvent::Answered { user_id, .. } | HookEvent::Cancelled { user_id, .. } => !self.untold.remove(user_id),
            HookEvent::Started { .. } | HookEvent::Invited { .. } | HookEvent::Ended(_) => true,
        }
    }
}

/// About how large it is.
fn bytes(hook: &Hook) -> usize {
    let more = match &hook.event {
        HookEvent::Invited { user_ids, user_data, .. } => {
            let ids: usize = user_ids.iter().map(|user| user.as_str().len()).sum();
            ids + user_data.as_ref().map_or(0, String::len)
        }
        HookEvent::Ended(record) => (record.invitations.len() + record.stays.len()) * PART_BYTES,
        HookEvent::Started { .. } | HookEvent::Answered { .. } | HookEvent::Cancelled { .. } => 0,
    };
    BARE_BYTES + more
}

fn event(note: &Note, record: Option<&CallRecord>) -> Option<HookEvent> {
    let call_id = note.call();
    Some(match note {
        Note::CallStarted { caller, kind, .. } => HookEvent::Started {
            call_id,
            kind: *kind,
            caller: caller.user.clone(),
            caller_device: caller.device.clone(),
        },
        Note::Invited { inviter, callee, kind, others, is_from_group, user_data, until, rings, .. } => {
            HookEvent::Invited {
                call_id,
                user_id: callee.clone(),
                sponsor: inviter.clone(),
                kind: *kind,
                user_ids: others.clone(),
                is_from_group: *is_from_group,
                // One that never stood rings nowhere, and has no end of its own to tell.
                expires_at: (*until)?,
                online: *rings,
                user_data: user_data.clone(),
            }
        }
        Note::InvitationEnded { callee, how: HowEnded::Accepted, device, rang_ms, .. } => {
            HookEvent::Answered { call_id, user_id: callee.clone(), device_id: device.clone()?, ringing_ms: *rang_ms }
        }
        Note::InvitationEnded { stood: false, .. } => return None,
        Note::InvitationEnded { callee, how, reason, rang_ms, .. } => HookEvent::Cancelled {
            call_id,
            user_id: callee.clone(),
            outcome: ledger::outcome(*how),
            reason: *reason,
            ringing_ms: *rang_ms,
        },
        Note::Left { .. } => return None,
        Note::CallEnded { .. } => HookEvent::Ended(Box::new(record?.clone())),
    })
}
