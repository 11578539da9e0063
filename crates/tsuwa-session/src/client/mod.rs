//! The client's half of a session: signs in, numbers and repeats requests, drops events it has had, notices a dead
//! socket and comes back by itself.

use serde_json::Value;
use tsuwa_proto::{Event, EventSeq, Login, Millis, Outcome, Refusal, RequestId, Signal, Welcome};

/// One connection of a session; each attempt has a number of its own, so that what an old socket still says is told
/// from what the present one says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Link(pub u64);

/// What a [`ClientSession`] asks of its shell, or tells it.
#[derive(Clone, PartialEq, Debug)]
pub enum ClientOutput {
    /// Open a WebSocket to the server; say [`ClientSession::opened`] or [`ClientSession::closed`] with this link.
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
    /// Close this connection, or give up opening it. Nothing that it says any more counts.
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
    Reply {
        /// Which.
        id: RequestId,
        /// The server's answer; or 9508 or 9520 where none came in time.
        outcome: Outcome,
    },
    /// The server could not read one of our frames, or we not one of its. Nothing to be done but to tell.
    Fault(Refusal),
    /// The session is over and does not come back by itself: the sign-in was refused, the device is out (6208; an
    /// `OnKickedOffline` may have come before), or the first sign-in found no server (9508, 9520). Every request has been
    /// answered. Nothing follows.
    Refused(Refusal),
    /// `logout` is done. Every request has been answered. Nothing follows.
    SignedOut,
    /// Call [`ClientSession::timer`] at this moment; it takes the place of an earlier such wish.
    WakeAt(Millis),
}

/// A device's session with a server, without socket and clock.
///
/// The shell tells it what happens, with the moment (any monotonic clock, in milliseconds), and after each call takes
/// [`Self::poll_output`] until that gives nothing. It begins by asking for a connection.
#[derive(Clone, Debug)]
pub struct ClientSession {
    _login: Login,
}

impl ClientSession {
    /// Begin to sign in. `seed` is for the jitter of the back-off: any number that differs between devices.
    pub fn new(now: Millis, login: Login, seed: u64) -> Self {
        let _ = (now, seed);
        Self { _login: login }
    }

    /// The connection is open.
    pub fn opened(&mut self, now: Millis, link: Link) {
        let _ = (now, link);
    }

    /// The connection is closed, or could not be opened.
    pub fn closed(&mut self, now: Millis, link: Link) {
        let _ = (now, link);
    }

    /// A text frame came.
    pub fn frame(&mut self, now: Millis, link: Link, text: &str) {
        let _ = (now, link, text);
    }

    /// Something else came (a WebSocket ping or pong): the server is there.
    pub fn heard(&mut self, now: Millis, link: Link) {
        let _ = (now, link);
    }

    /// Make a request by the protocol's name and parameters; `logout` ends the session when it is done. Its answer is
    /// a [`ClientOutput::Reply`]. Made while there is no connection, it waits for one, [`timing::ANSWER_MS`] at most.
    ///
    /// [`timing::ANSWER_MS`]: crate::timing::ANSWER_MS
    pub fn request(&mut self, now: Millis, method: &str, params: Value) -> RequestId {
        let _ = (now, method, params);
        RequestId(0)
    }

    /// Sign in again with a new ticket, in place: the session stays. The answer is a [`ClientOutput::Reply`].
    pub fn renew(&mut self, now: Millis, user_sig: String) -> RequestId {
        let _ = (now, user_sig);
        RequestId(0)
    }

    /// The device is in a call (ringing included), or no longer: how closely the connection is watched, and how long
    /// the pauses between attempts may get.
    pub fn set_in_call(&mut self, now: Millis, in_call: bool) {
        let _ = (now, in_call);
    }

    /// The device's network has changed (Wi-Fi to cellular): don't wait, connect anew at once.
    pub fn network_changed(&mut self, now: Millis) {
        let _ = now;
    }

    /// The moment of the last [`ClientOutput::WakeAt`] has come. Earlier or later does no harm.
    pub fn timer(&mut self, now: Millis) {
        let _ = now;
    }

    /// What is to be done or told next, in order.
    pub fn poll_output(&mut self) -> Option<ClientOutput> {
        None
    }

    /// Whether the session is signed in and connected.
    pub fn is_up(&self) -> bool {
        false
    }
}
