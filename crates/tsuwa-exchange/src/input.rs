//! What the exchange is told, and the record of it in the log.

use serde::{Deserialize, Serialize};
use tsuwa_call::{AdminAct, DeviceKey, MediaReport};
use tsuwa_proto::{Act, CallId, EventSeq, MediaMode, Millis, RequestId, SessionId};

/// One input. `origin` is whatever number the shell finds its waiting connection or HTTP request by; the effect that
/// answers carries it back.
///
/// Nothing secret is in any of them: tickets and resume tokens are verified before, and neither SDP nor what a ticket
/// carries beside its user and its expiry comes here.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Input {
    /// The process has started: no connection of the last one is left. The first input after
    /// [`crate::Exchange::new`] and [`crate::Exchange::recover`].
    Started,
    /// [`crate::Exchange::deadline`] has passed.
    Tick,
    /// Whether any media worker can take a call.
    Capacity {
        /// `false`: new calls between devices with media are refused.
        open: bool,
    },
    /// A ticket was verified; a new session is to begin on this device. If the device has a session, the new one takes
    /// its place, and its call.
    SignIn {
        /// Who waits for the answer.
        origin: u64,
        /// Who, and where.
        at: DeviceKey,
        /// Whether the device carries media.
        media: MediaMode,
        /// When the ticket expires.
        expires_at: Millis,
    },
    /// A new ticket was verified on a connection that is signed in: for the same user, device and app.
    Renew {
        /// Who waits for the answer.
        origin: u64,
        /// The connection's session.
        session: SessionId,
        /// When the new ticket expires.
        expires_at: Millis,
    },
    /// A resume token was verified on a new connection; its socket counts as up. The shell closes the session's
    /// connection before, if there is one, and does not report that as [`Input::Socket`].
    Resume {
        /// Who waits for the answer.
        origin: u64,
        /// Which session is to go on.
        session: SessionId,
        /// The last event that the device has seen.
        last_seq: EventSeq,
    },
    /// The socket of the session's present connection went (closed, or silent for too long), or is heard again.
    Socket {
        /// The session.
        session: SessionId,
        /// `true`: it is there.
        up: bool,
    },
    /// A request of a signed-in device, or the repetition of one.
    Request {
        /// The connection's session.
        session: SessionId,
        /// Its number within the session.
        id: RequestId,
        /// What it wants.
        act: Act,
    },
    /// The device has seen every event up to this one.
    Ack {
        /// The session.
        session: SessionId,
        /// The last event seen.
        seq: EventSeq,
    },
    /// What the operator wants of this server, said after [`Self::Started`].
    Settings {
        /// Whether webhooks are wanted. `false` forgets those that wait.
        hooks: bool,
    },
    /// The records of these calls are in the store: see [`crate::EffectKind::Record`].
    RecordsKept {
        /// Whose.
        calls: Vec<CallId>,
    },
    /// A webhook needs no more delivering: see [`crate::EffectKind::Hook`].
    HookDone {
        /// Of which call.
        call: CallId,
        /// Which of it.
        number: u64,
        /// `true`: the receiver took it; `false`: it was given up.
        taken: bool,
    },
    /// What happened to media.
    Media(MediaReport),
    /// What an administrator does.
    Admin {
        /// Who waits for the answer.
        origin: u64,
        /// The act.
        act: AdminAct,
    },
}

/// A record of the log: an input, its place and its moment. The same entries in the same order always give the same
/// exchange and the same effects.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its place: one more than the entry's before. The first one's comes from the time, so that no id of a log that
    /// was lost is issued again by the log that took its place.
    pub position: u64,
    /// When it was proposed; never earlier than the entry before.
    pub at: Millis,
    /// What came in.
    pub input: Input,
}
