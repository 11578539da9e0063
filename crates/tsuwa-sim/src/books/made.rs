//! What was made for each session, and what its device saw of it.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use tsuwa_proto::{CallId, Event, EventSeq, SessionId};

#[derive(Default)]
pub(crate) struct Made {
    sessions: BTreeMap<SessionId, Session>,
    /// Invitations that began and ended while a device was away.
    pub(super) left_out: u64,
}

#[derive(Default)]
struct Session {
    last: EventSeq,
    /// What was made and not seen.
    unseen: VecDeque<(EventSeq, Event)>,
    /// Invitations that were skipped, and whose ends have to be.
    skipped: Vec<CallId>,
    /// What was sent again must be what was sent first.
    all: Vec<Event>,
}

impl Made {
    /// An event was made: `true` if it is a new one, and not one that is sent again.
    pub(super) fn make(&mut self, session: SessionId, seq: EventSeq, event: &Event) -> Result<bool, &'static str> {
        let found = self.sessions.entry(session).or_default();
        if seq <= found.last {
            let first = found.all.get(seq.0 as usize - 1);
            return if first == Some(event) { Ok(false) } else { Err("a number means two events") };
        }
        if seq.0 != found.last.0 + 1 {
            return Err("a number is left out");
        }
        found.last = seq;
        found.unseen.push_back((seq, event.clone()));
        found.all.push(event.clone());
        Ok(true)
    }

    /// Its device saw this: what came before and was not seen may only be invitations that began and ended.
    pub(super) fn see(&mut self, session: SessionId, seq: EventSeq, event: &Event) -> Result<(), &'static str> {
        let Some(found) = self.sessions.get_mut(&session) else { return Err("nothing was made for this session") };
        loop {
            let Some((next, made)) = found.unseen.pop_front() else { return Err("it was seen before, or never made") };
            if next == seq {
                return if made == *event { Ok(()) } else { Err("it was made differently") };
            }
            match made {
                Event::OnInvited { call_id, .. } => found.skipped.push(call_id),
                Event::OnCallingCancel { call_id, .. } | Event::OnCallingTimeOut { call_id } => {
                    let Some(place) = found.skipped.iter().position(|call| *call == call_id) else {
                        return Err("the end of a ringing was left out");
                    };
                    found.skipped.remove(place);
                    self.left_out += 1;
                }
                _ => return Err("an event was left out"),
            }
        }
    }

    /// Something that has to be seen and was not, by a device that is connected and settled.
    pub(super) fn unseen(&self, session: SessionId) -> Option<&Event> {
        let found = self.sessions.get(&session)?;
        let left_out = |event: &Event| {
            matches!(event, Event::OnInvited { .. } | Event::OnCallingCancel { .. } | Event::OnCallingTimeOut { .. })
        };
        found.unseen.iter().map(|(_, event)| event).find(|event| !left_out(event))
    }
}
