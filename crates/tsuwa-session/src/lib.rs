//! A conversation that outlives its socket: numbering, resume, heartbeats and back-off, of both sides.
//!
//! Nothing here opens a socket or reads a clock. The server keeps an [`Outbox`] and [`Results`] for each session and a
//! [`Heartbeat`] for each connection; the client drives a [`ClientSession`]. A simulator runs the same code.
#![forbid(unsafe_code)]

mod client;
mod heartbeat;
mod outbox;
mod results;

pub use client::{ClientOutput, ClientSession, Link};
pub use heartbeat::{Beat, Heartbeat};
pub use outbox::{Full, Outbox};
pub use results::{Kept, Results};

/// The times that both sides hold to, in milliseconds. They are the protocol's (`docs/protocol.md`) unless said.
pub mod timing {
    /// Between two WebSocket pings of the server while the device is in a call.
    pub const SERVER_PING_IN_CALL_MS: u64 = 1_000;
    /// Between two WebSocket pings of the server else.
    pub const SERVER_PING_IDLE_MS: u64 = 20_000;
    /// A device in a call that was silent for so long, though pinged, counts as lost.
    pub const LOST_MS: u64 = 2_000;
    /// A ping that went unanswered for so long closes the socket.
    pub const CLOSE_MS: u64 = 60_000;
    /// A client in a call sends `ping` when nothing came for so long.
    pub const CLIENT_PING_IN_CALL_MS: u64 = 1_000;
    /// The same out of calls.
    pub const CLIENT_PING_IDLE_MS: u64 = 20_000;
    /// In a call, a client's socket is dead when nothing at all came for so long after a `ping`: 2 s of silence in all.
    pub const DEAD_IN_CALL_MS: u64 = 1_000;
    /// The same out of calls: a sleeping radio takes its time to wake (3GPP's worst promotion is under 3 s).
    pub const DEAD_IDLE_MS: u64 = 10_000;
    /// A client's timer that goes off so late was asleep itself, and asks again before it gives a socket up: what came
    /// meanwhile has not been read.
    pub const OVERSLEPT_MS: u64 = 500;
    /// How long a connection attempt, and then a sign-in on it, may take in a call. One SYN repetition is 1 s.
    pub const CONNECT_IN_CALL_MS: u64 = 3_000;
    /// How long a connection attempt, and then a sign-in on it, may take else.
    pub const CONNECT_IDLE_MS: u64 = 10_000;
    /// The first pause between two connection attempts; each is twice the one before.
    pub const BACK_OFF_FIRST_MS: u64 = 100;
    /// The longest pause.
    pub const BACK_OFF_MOST_MS: u64 = 10_000;
    /// The longest pause in a call: half of what a call allows, since on the average half a pause is left when a server
    /// is back, and people are waiting to hear each other.
    pub const BACK_OFF_IN_CALL_MS: u64 = 250;
    /// An event is acknowledged at the latest so long after it came.
    pub const ACK_MS: u64 = 1_000;
    /// Events are acknowledged at the latest when so many came.
    pub const ACK_EVENTS: u64 = 16;
    /// How long a request may stay unanswered before its caller is told so; as long as the grace of a call.
    pub const ANSWER_MS: u64 = 15_000;
}
