//! What a client's session asks of its shell, or tells it.

use std::fmt;
use tsuwa_proto::{Event, EventSeq, Millis, Outcome, Refusal, RequestId, Signal, Welcome};

/// One connection of a session; each attempt has a number of its own, so that what an old socket still says is told
/// from what the present one says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Link(pub u64);

/// What a [`crate::ClientSession`] asks of its shell, or tells it. `Debug` leaves out what frames and answers hold.
#[derive(Clone, PartialEq)]
pub enum ClientOutput {
    /// Open a WebSocket to the server; say [`crate::ClientSession::opened`] or [`crate::ClientSession::closed`] with
    /// this link.
    Connect {
        /// The new connection's name.
        link: Link,
    },
    /// Send a text frame.
    SendText {
        /// On which connection.
        link: Link,
        /// The frame.
        text: String,
    },
    /// Close this connection, or give up opening it; what was to be sent on it before goes out first, if it still can.
    /// Nothing that it says any more counts.
    CloseSocket {
        /// Which.
        link: Link,
    },
    /// A new session has begun: the first, or (after [`ClientOutput::Lost`]) one in place of a session that the server
    /// no longer had. In that case whatever `welcome.call` does not name is over.
    SignedIn {
        /// What the server said.
        welcome: Welcome,
    },
    /// The connection is lost; it is being made anew. Requests made meanwhile wait.
    Lost,
    /// The session goes on after [`ClientOutput::Lost`]; the events that were missed follow.
    Back {
        /// What the server said.
        welcome: Welcome,
    },
    /// An event, once and in order.
    Event {
        /// Its number.
        seq: EventSeq,
        /// What happened.
        event: Event,
    },
    /// What is true now and is not kept.
    Signal(Signal),
    /// The answer to a request: exactly one for each.
    ///
    /// 9508 (no connection) or 9520 (no answer) where none came in [`crate::timing::ANSWER_MS`], or where the session
    /// was lost with the request. After 9520 it may have been done all the same: a `hangup` that names the number of a
    /// `call` ends what that began. `hangup`, `reject` and `logout` are still carried to the server when it can be
    /// reached.
    Reply {
        /// Which.
        id: RequestId,
        /// How it ended.
        outcome: Outcome,
    },
    /// The server could not read one of our frames, or we not one of its. Nothing to be done but to tell.
    Fault(Refusal),
    /// The session is over and does not come back by itself: the sign-in was refused, the device is out (6208; an
    /// `OnKickedOffline` may have come before), or the first sign-in found no server (9508, 9520). Every request has
    /// been answered. Nothing follows.
    Refused(Refusal),
    /// `logout` is done. Every request has been answered. Nothing follows.
    SignedOut,
    /// Call [`crate::ClientSession::timer`] at this moment; it takes the place of an earlier such wish.
    WakeAt(Millis),
}

impl fmt::Debug for ClientOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect { link } => write!(f, "Connect({})", link.0),
            // Frames carry tickets, and answers resume tokens.
            Self::SendText { link, text } => write!(f, "SendText({}, {} bytes)", link.0, text.len()),
            Self::CloseSocket { link } => write!(f, "CloseSocket({})", link.0),
            Self::SignedIn { welcome } => write!(f, "SignedIn({})", welcome.session_id),
            Self::Lost => f.write_str("Lost"),
            Self::Back { welcome } => write!(f, "Back({})", welcome.session_id),
            Self::Event { seq, event } => write!(f, "Event({}, {event:?})", seq.0),
            Self::Signal(_) => f.write_str("Signal"),
            Self::Reply { id, outcome: Ok(_) } => write!(f, "Reply({}, done)", id.0),
            Self::Reply { id, outcome: Err(refusal) } => write!(f, "Reply({}, {refusal})", id.0),
            Self::Fault(refusal) => write!(f, "Fault({refusal})"),
            Self::Refused(refusal) => write!(f, "Refused({refusal})"),
            Self::SignedOut => f.write_str("SignedOut"),
            Self::WakeAt(at) => write!(f, "WakeAt({})", at.0),
        }
    }
}
