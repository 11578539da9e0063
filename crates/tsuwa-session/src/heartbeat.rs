//! Whether a device is still at the other end of a connection, as the server judges it.

use crate::timing::{CLOSE_MS, LOST_MS, SERVER_PING_IDLE_MS, SERVER_PING_IN_CALL_MS};
use tsuwa_proto::Millis;

/// What a connection's heartbeat asks of the gateway.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beat {
    /// Send a WebSocket ping.
    Ping,
    /// The device is silent: report its session's socket as down. The connection stays, since it may live.
    Lost,
    /// Close the connection.
    Close,
}

/// The heartbeat of one connection. Any moment will do for `now` as long as it never goes back.
///
/// Call [`Self::heard`] for every frame that comes in, pongs included; at [`Self::deadline`], and after
/// [`Self::set_in_call`], call [`Self::poll`] until it gives nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heartbeat {
    in_call: bool,
    /// Silence is counted from here: the last frame, or when the call began if that was later.
    silent_from: Millis,
    last_ping: Option<Millis>,
    /// The first ping that nothing at all came after.
    unanswered: Option<Millis>,
    lost: bool,
    closed: bool,
    opened: Millis,
}

impl Heartbeat {
    /// The connection was opened now; its device is in no call until [`Self::set_in_call`].
    pub fn new(now: Millis) -> Self {
        Self {
            in_call: false,
            silent_from: now,
            last_ping: None,
            unanswered: None,
            lost: false,
            closed: false,
            opened: now,
        }
    }

    /// The device is in a call now, or no longer.
    pub fn set_in_call(&mut self, now: Millis, in_call: bool) {
        if in_call && !self.in_call {
            // Out of a call a device may be silent for long without being asked.
            self.silent_from = self.silent_from.max(now);
        }
        self.in_call = in_call;
    }

    /// A frame came in. `true`: the device had been lost and is back; report its session's socket as up.
    pub fn heard(&mut self, now: Millis) -> bool {
        self.silent_from = self.silent_from.max(now);
        self.unanswered = None;
        std::mem::take(&mut self.lost)
    }

    /// Whether the device counts as lost.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// What is due at this moment; one thing at a time.
    pub fn poll(&mut self, now: Millis) -> Option<Beat> {
        if self.closed {
            return None;
        }
        if self.close_at().is_some_and(|at| at <= now) {
            self.closed = true;
            return Some(Beat::Close);
        }
        if self.lost_at().is_some_and(|at| at <= now) {
            self.lost = true;
            return Some(Beat::Lost);
        }
        if self.ping_at() <= now {
            self.last_ping = Some(now);
            self.unanswered.get_or_insert(now);
            return Some(Beat::Ping);
        }
        None
    }

    /// When to call [`Self::poll`] next; `None` once the connection was to be closed.
    pub fn deadline(&self) -> Option<Millis> {
        if self.closed {
            return None;
        }
        [Some(self.ping_at()), self.lost_at(), self.close_at()].into_iter().flatten().min()
    }

    fn ping_at(&self) -> Millis {
        let apart = if self.in_call { SERVER_PING_IN_CALL_MS } else { SERVER_PING_IDLE_MS };
        self.last_ping.unwrap_or(self.opened).plus(apart)
    }

    fn lost_at(&self) -> Option<Millis> {
        let waits = self.in_call && !self.lost;
        // A ping that went out late (a busy machine) still gets the time that one in time has for its answer.
        let answer_by = |ping: Millis| ping.plus(LOST_MS - SERVER_PING_IN_CALL_MS);
        self.unanswered.filter(|_| waits).map(|ping| self.silent_from.plus(LOST_MS).max(answer_by(ping)))
    }

    fn close_at(&self) -> Option<Millis> {
        self.unanswered.map(|since| since.plus(CLOSE_MS))
    }
}
