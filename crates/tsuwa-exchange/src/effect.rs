//! What is to be done once an entry is in the log.

use serde::{Deserialize, Serialize};
use tsuwa_call::{DeviceKey, MediaCommand, Note, Reply, SignedOutWhy};
use tsuwa_proto::{CallId, CallRecord, CallState, Event, EventSeq, Hook, Outcome, Refusal, RequestId, SessionId};

/// The name of an effect, in the order in which effects come: what a receiver needs to ignore one that it has had, or
/// one of a writer that is no longer the writer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct EffectId {
    /// The reign of the writer that gave it.
    pub epoch: u64,
    /// The entry that it follows from.
    pub position: u64,
    /// Its place among the effects of that entry, from 0.
    pub index: u32,
}

/// One consequence of an entry that is in the log.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Effect {
    /// Its name.
    pub id: EffectId,
    /// What is to be done.
    pub what: EffectKind,
}

/// The kinds of effects. Those of one session are to be carried out in the order in which they come.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum EffectKind {
    /// Answers `SignIn` and `Renew`. From now on the session's frames go to the connection that asked.
    SignedIn {
        /// Who asked.
        origin: u64,
        /// The session.
        session: SessionId,
        /// Whose it is.
        at: DeviceKey,
        /// The call that the device is in or invited to.
        call: Option<CallState>,
    },
    /// Answers `SignIn` and `Renew`.
    SignInRefused {
        /// Who asked.
        origin: u64,
        /// Why.
        refusal: Refusal,
    },
    /// Answers `Resume`; the events that the device has not seen follow. From now on the session's frames go to the
    /// connection that asked.
    Resumed {
        /// Who asked.
        origin: u64,
        /// The session.
        session: SessionId,
        /// Whose it is.
        at: DeviceKey,
        /// The call that the device is in or invited to.
        call: Option<CallState>,
    },
    /// Answers `Resume`: 6208 if the session was ended by another sign-in or an administrator, 6014 if it is gone.
    ResumeRefused {
        /// Who asked.
        origin: u64,
        /// Why.
        refusal: Refusal,
    },
    /// Answers `Request`; a repeated one with what it was answered first. Without a connection it is dropped: the
    /// device will repeat its request.
    Reply {
        /// The session.
        session: SessionId,
        /// The request.
        id: RequestId,
        /// How it ended.
        outcome: Outcome,
    },
    /// An event. Without a connection it is dropped: it comes again after `Resumed`.
    Event {
        /// The session.
        session: SessionId,
        /// Its number.
        seq: EventSeq,
        /// What happened.
        event: Event,
    },
    /// The session was ended: close its connection when everything before is sent. The device is not to come back by
    /// itself (after a logout it does not want to).
    Close {
        /// The session.
        session: SessionId,
        /// Why.
        why: SignedOutWhy,
    },
    /// The session is given up: nobody came back in time, or the device left too many events unacknowledged. Close its
    /// connection if there is one; the device's `resume` will be refused with 6014, and it signs in anew.
    Lapsed {
        /// The session.
        session: SessionId,
    },
    /// Answers `Admin`.
    AdminReply {
        /// Who asked.
        origin: u64,
        /// How it ended.
        result: Result<Reply, Refusal>,
    },
    /// For the media rooms.
    Media(MediaCommand),
    /// For metrics.
    Note(Note),
    /// A call is over: write its record to the store, which may have it already, then say
    /// [`crate::Input::RecordsKept`]. Until then it comes again after every start.
    Record(Box<CallRecord>),
    /// Deliver this webhook until it is taken, then say [`crate::Input::HookDone`]. The next one of the same call comes
    /// only then. It comes again after every start.
    Hook(Box<Hook>),
    /// Too many webhooks wait: there will be none of this call.
    HooksFull {
        /// The call.
        call: CallId,
    },
    /// How closely the session's connection is to be watched. Every connection begins with `false`. Of a session whose
    /// socket is down it may be said only when that is up again.
    InCall {
        /// The session.
        session: SessionId,
        /// Whether its device is in a call.
        yes: bool,
    },
}
