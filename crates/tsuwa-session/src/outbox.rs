//! The numbered events of a session that its device may not have seen yet.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use tsuwa_proto::{CallId, Event, EventSeq, limits};

/// Events in the order in which they are to be delivered, each with its number.
///
/// An event stays until the device has acknowledged it, so at most [`limits::EVENTS_KEPT`] are here.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Outbox {
    /// The last number given.
    last: EventSeq,
    undelivered: VecDeque<(EventSeq, Event)>,
}

/// The device has left [`limits::EVENTS_KEPT`] events unacknowledged. Nothing was added: end its session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full;

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} events are unacknowledged", limits::EVENTS_KEPT)
    }
}

impl std::error::Error for Full {}

impl Outbox {
    /// An empty one: the first event will have number 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number an event and keep it.
    ///
    /// # Errors
    /// [`Full`] if too many are unacknowledged.
    pub fn push(&mut self, event: Event) -> Result<EventSeq, Full> {
        if self.undelivered.len() >= limits::EVENTS_KEPT {
            return Err(Full);
        }
        self.last = EventSeq(self.last.0.saturating_add(1));
        self.undelivered.push_back((self.last, event));
        Ok(self.last)
    }

    /// The device has seen every event up to `seq`. A number that was not given yet means all that were.
    pub fn ack(&mut self, seq: EventSeq) {
        while self.undelivered.front().is_some_and(|(number, _)| *number <= seq) {
            self.undelivered.pop_front();
        }
    }

    /// The device is back and has seen nothing after `last_seq`: what is to be sent again is then in
    /// [`Self::undelivered`]. An invitation that began and ended meanwhile is left out.
    pub fn resume(&mut self, last_seq: EventSeq) {
        self.ack(last_seq);
        self.leave_out_ended_invitations();
    }

    /// What the device has not acknowledged, in order.
    pub fn undelivered(&self) -> impl Iterator<Item = (EventSeq, &Event)> {
        self.undelivered.iter().map(|(seq, event)| (*seq, event))
    }

    /// The number of the last event, 0 if there was none.
    pub fn last(&self) -> EventSeq {
        self.last
    }

    fn leave_out_ended_invitations(&mut self) {
        // Where each open invitation is, by its call; who is invited to a call again rings again.
        let mut open: Vec<(CallId, usize)> = Vec::new();
        let mut left_out = vec![false; self.undelivered.len()];
        for (index, (_, event)) in self.undelivered.iter().enumerate() {
            match event {
                Event::OnInvited { call_id, .. } => open.push((*call_id, index)),
                Event::OnCallingCancel { call_id, .. } | Event::OnCallingTimeOut { call_id } => {
                    if let Some(place) = open.iter().rposition(|(call, _)| call == call_id) {
                        left_out[open.remove(place).1] = true;
                        left_out[index] = true;
                    }
                }
                _ => {}
            }
        }
        let mut left_out = left_out.into_iter();
        self.undelivered.retain(|_| !left_out.next().unwrap_or_default());
    }
}
