//! Whether the server is still at the other end, as the client judges it.

use crate::timing::{
    CLIENT_PING_IDLE_MS, CLIENT_PING_IN_CALL_MS, DEAD_IDLE_MS, DEAD_IN_CALL_MS, LOST_MS, OVERSLEPT_MS,
};
use tsuwa_proto::Millis;

/// The pings of one connection.
#[derive(Clone)]
pub(crate) struct Pulse {
    heard: Millis,
    last_ping: Millis,
    /// The first ping that nothing came after.
    unanswered: Option<Millis>,
    /// It was asked once more, since the time for the answer was slept over.
    asked_again: bool,
    /// When the call began, if there is one.
    called: Option<Millis>,
}

impl Pulse {
    pub(crate) fn new(now: Millis, in_call: bool) -> Self {
        Self { heard: now, last_ping: now, unanswered: None, asked_again: false, called: in_call.then_some(now) }
    }

    pub(crate) fn heard(&mut self, now: Millis) {
        self.heard = now;
        self.unanswered = None;
        self.asked_again = false;
    }

    pub(crate) fn pinged(&mut self, now: Millis) {
        self.last_ping = now;
        self.unanswered.get_or_insert(now);
    }

    pub(crate) fn set_in_call(&mut self, now: Millis, in_call: bool) {
        self.called = in_call.then_some(self.called.unwrap_or(now));
    }

    /// Whether the moment at which the socket counts as dead was slept over: what came meanwhile was not read, and the
    /// server is asked once more. Once: a browser's timers may always be late.
    pub(crate) fn overslept(&mut self, now: Millis) -> bool {
        let slept = !self.asked_again && self.dead_at().is_some_and(|at| at.plus(OVERSLEPT_MS) <= now);
        if slept {
            self.unanswered = None;
            self.asked_again = true;
        }
        slept
    }

    pub(crate) fn ping_at(&self) -> Millis {
        let apart = if self.called.is_some() { CLIENT_PING_IN_CALL_MS } else { CLIENT_PING_IDLE_MS };
        self.heard.max(self.last_ping).plus(apart)
    }

    pub(crate) fn dead_at(&self) -> Option<Millis> {
        let ping = self.unanswered?;
        Some(match self.called {
            // A call has to wake what may have slept.
            Some(called) => ping.plus(DEAD_IN_CALL_MS).max(called.plus(LOST_MS)),
            None => ping.plus(DEAD_IDLE_MS),
        })
    }
}
