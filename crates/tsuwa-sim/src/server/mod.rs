//! The server's process: a shell over the exchange, as the real one is. What is first, and what follows from what, is
//! the exchange's alone.

mod effects;
mod gateway;
mod life;
mod offers;
mod shard;
mod silence;

use crate::clock::Clock;
use crate::doing::{ConnNo, PhoneNo};
use crate::rooms::Saying;
use offers::Offers;
use std::collections::BTreeMap;
use tsuwa_call::{AdminAct, DeviceKey};
use tsuwa_exchange::Exchange;
use tsuwa_proto::{Act, AppId, CallId, EventSeq, MediaMode, Millis, RequestId, SessionId};

pub(crate) const APP: AppId = AppId(1_400_000_001);

/// A message between gateway and shard may be so long on its way, and a group with the disk, in milliseconds.
const SLOW_MESSAGE_MS: u64 = 60;
const SLOW_APPEND_MS: u64 = 400;

/// Where a connection stands with its gateway.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    Stranger,
    SigningIn,
    SignedIn(SessionId, DeviceKey),
    Over,
}

/// What gateways and the rest of the world tell the shard.
#[derive(Clone)]
pub(crate) enum ToShard {
    SignIn { id: RequestId, at: DeviceKey, media: MediaMode, expires_at: Millis },
    Renew { id: RequestId, session: SessionId, expires_at: Millis },
    Resume { id: RequestId, session: SessionId, last_seq: EventSeq },
    Request { session: SessionId, id: RequestId, act: Act },
    Ack { session: SessionId, seq: EventSeq },
    Socket { session: SessionId, up: bool },
    Left,
    MediaAnswer { at: DeviceKey, id: RequestId, call: CallId, offer_id: u64, good: bool },
    MediaRestart { at: DeviceKey, id: RequestId, call: CallId },
    Media(Saying),
    Capacity { open: bool },
    Admin { act: AdminAct },
    RecordsKept { calls: Vec<CallId> },
    HookDone { call: CallId, number: u64, taken: bool },
}

/// What the shard tells a gateway of one connection.
#[derive(Clone)]
pub(crate) enum ToLink {
    SignedIn(SessionId, DeviceKey),
    SignInFailed,
    Send(String),
    InCall(bool),
    End,
}

/// Where the process is to die, if it comes there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Doom {
    /// Before it appends what it has proposed.
    BeforeAppend,
    /// After that, before anything follows.
    AfterAppend,
    /// Between the entries of a group.
    MidGroup,
    /// Between the effects of an entry.
    MidEffects,
    /// While it reads its log at the start.
    WhileReplaying,
    /// After it has appended that it started, before anything follows.
    AfterStarted,
}

/// A `login` or `resume` whose answer is on its way.
struct Pending {
    conn: ConnNo,
    id: RequestId,
    renews: bool,
}

/// What is to be done in a turn, in order.
enum Todo {
    Input(tsuwa_exchange::Input, Option<ConnNo>),
    Aside(ToShard, Option<ConnNo>),
}

/// One life of the process after the other.
pub(crate) struct Server {
    pub(crate) alive: bool,
    /// Which life it is.
    pub(crate) life: u32,
    pub(crate) exchange: Exchange,
    pub(crate) clock: Clock,
    pub(crate) doom: Option<Doom>,
    sessions: BTreeMap<SessionId, ConnNo>,
    by_conn: BTreeMap<ConnNo, SessionId>,
    pending: BTreeMap<u64, Pending>,
    admins: BTreeMap<u64, AdminAct>,
    last_origin: u64,
    offers: Offers,
    queue: Vec<Todo>,
    turn_due: bool,
    appended: Option<Appended>,
    tick_at: Option<u64>,
    /// The number of the latest message of all connections that was taken.
    latest: u64,
}

/// A group that is in the log and has not taken effect.
struct Appended {
    entries: Vec<tsuwa_exchange::Entry>,
    order: Vec<Placed>,
}

/// In a group's order: an entry, or something beside the log; each with the connection that waits for it.
type Placed = Result<Option<ConnNo>, (ToShard, Option<ConnNo>)>;

impl Server {
    /// Not started yet.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            alive: false,
            life: 0,
            exchange: Exchange::new(APP, 0),
            clock,
            doom: None,
            sessions: BTreeMap::new(),
            by_conn: BTreeMap::new(),
            pending: BTreeMap::new(),
            admins: BTreeMap::new(),
            last_origin: 0,
            offers: Offers::default(),
            queue: Vec::new(),
            turn_due: false,
            appended: None,
            tick_at: None,
            latest: 0,
        }
    }

    fn origin(&mut self) -> u64 {
        self.last_origin += 1;
        self.last_origin
    }

    /// Whether it is about to look at what is due.
    pub(crate) fn ticks_by(&self, now: u64) -> bool {
        self.tick_at.is_some_and(|at| at <= now)
    }

    /// Whether nothing waits to be done.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.appended.is_none()
    }

    /// The session's connection is this one from now on; the one before, if that is another.
    fn join(&mut self, session: SessionId, conn: ConnNo) -> Option<ConnNo> {
        self.by_conn.insert(conn, session);
        let before = self.sessions.insert(session, conn).filter(|before| *before != conn);
        if let Some(before) = before {
            self.by_conn.remove(&before);
        }
        before
    }

    fn part(&mut self, session: SessionId) -> Option<ConnNo> {
        let conn = self.sessions.remove(&session)?;
        self.by_conn.remove(&conn);
        Some(conn)
    }

    fn left(&mut self, conn: ConnNo) -> Option<SessionId> {
        let session = self.by_conn.remove(&conn)?;
        self.sessions.remove(&session);
        Some(session)
    }
}

/// The proof that a session is one's own.
pub(crate) fn token(session: SessionId) -> String {
    format!("proof-of-{session}")
}

/// Which phone is which device; phones are found by both of their ids.
pub(crate) type PhoneOf = BTreeMap<DeviceKey, PhoneNo>;
