//! Which events were seen, and which of them the server knows to be seen.

use crate::timing::{ACK_EVENTS, ACK_MS};
use tsuwa_proto::{EventSeq, Millis};

#[derive(Clone, Default)]
pub(crate) struct Receipts {
    last: EventSeq,
    /// Seen, but not acknowledged: how many, and since when.
    owed: u64,
    owed_since: Option<Millis>,
}

impl Receipts {
    /// An event came. `false`: it was seen before.
    pub(crate) fn see(&mut self, now: Millis, seq: EventSeq) -> bool {
        if seq <= self.last {
            return false;
        }
        self.last = seq;
        self.owed += 1;
        self.owed_since.get_or_insert(now);
        true
    }

    /// The last event seen.
    pub(crate) fn last(&self) -> EventSeq {
        self.last
    }

    /// When an acknowledgement is due.
    pub(crate) fn ack_at(&self) -> Option<Millis> {
        let since = self.owed_since?;
        Some(if self.owed >= ACK_EVENTS { since } else { since.plus(ACK_MS) })
    }

    /// The server has been told.
    pub(crate) fn told(&mut self) {
        (self.owed, self.owed_since) = (0, None);
    }
}
