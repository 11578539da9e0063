//! Whether the server is still at the other end, as the client judges it.

use crate::timing::{CLIENT_PING_IDLE_MS, CLIENT_PING_IN_CALL_MS, DEAD_IDLE_MS, DEAD_IN_CALL_MS};
use tsuwa_proto::Millis;

/// The pings of one connection.
#[derive(Clone)]
pub(crate) struct Pulse {
    last_ping: Millis,
    /// The first ping that nothing came after.
    unanswered: Option<Millis>,
}

impl Pulse {
    pub(crate) fn new(now: Millis) -> Self {
        Self { last_ping: now, unanswered: None }
    }

    pub(crate) fn heard(&mut self) {
        self.unanswered = None;
    }

    pub(crate) fn pinged(&mut self, now: Millis) {
        self.last_ping = now;
        self.unanswered.get_or_insert(now);
    }

    pub(crate) fn ping_at(&self, in_call: bool) -> Millis {
        self.last_ping.plus(if in_call { CLIENT_PING_IN_CALL_MS } else { CLIENT_PING_IDLE_MS })
    }

    pub(crate) fn dead_at(&self, in_call: bool) -> Option<Millis> {
        self.unanswered.map(|since| since.plus(if in_call { DEAD_IN_CALL_MS } else { DEAD_IDLE_MS }))
    }
}
