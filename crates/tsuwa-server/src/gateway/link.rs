//! The server's end of a device's WebSocket, as the connection's task and the shard share it.

use super::guards::StrangersSeat;
use crate::authorise::{Signed, Standing};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::{Notify, mpsc, watch};
use tsuwa_proto::AppId;

/// Most frames that wait for a slow device: a session's kept events twice over.
const WAITING_FRAMES: usize = 512;
/// Most bytes of them; an SDP offer for nine people has some 30 KB.
const WAITING_BYTES: usize = 1024 * 1024;

/// A connection. Everything here returns at once: what can't be sent now waits, and who reads too slowly is let go (its
/// session goes on, and what it missed comes after `resume`).
#[derive(Debug)]
pub(crate) struct Link {
    /// Its number, unique within the process.
    pub(crate) id: u64,
    standing: Mutex<Standing>,
    /// Given back when the connection signs in.
    stranger: Mutex<Option<StrangersSeat>>,
    in_call: AtomicBool,
    gone: AtomicBool,
    app: Mutex<Option<AppId>>,
    out: mpsc::Sender<Out>,
    waiting_bytes: AtomicUsize,
    end: watch::Sender<Option<End>>,
    nudge: Notify,
}

/// Something to be sent.
#[derive(Debug)]
pub(super) enum Out {
    /// A frame.
    Text {
        text: String,
        /// When the `call` came that this frame makes a device ring for.
        rings_since: Option<Instant>,
    },
    /// A WebSocket ping.
    Ping,
}

/// How a connection is to be closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct End {
    /// The WebSocket close code.
    pub(crate) code: u16,
    /// The reason, for developers.
    pub(crate) reason: &'static str,
    /// Whether what waits is sent before.
    pub(crate) flush: bool,
}

impl End {
    pub(crate) const LOGGED_OUT: Self = Self::after(1000, "logged out");
    pub(crate) const GOING_AWAY: Self = Self::after(1001, "the server is shutting down");
    pub(crate) const NOT_TEXT: Self = Self::after(1003, "frames are text");
    pub(crate) const SIGN_IN_TOO_LATE: Self = Self::after(1008, "not signed in in time");
    pub(crate) const SIGN_IN_FIRST: Self = Self::after(1008, "too many frames before signing in");
    pub(crate) const TOO_MANY_FAILURES: Self = Self::after(1008, "too many failed sign-ins");
    pub(crate) const FLOODING: Self = Self::after(1008, "too many requests");
    pub(crate) const TOO_BIG: Self = Self::after(1009, "a frame has at most 65536 bytes");
    pub(crate) const BROKEN: Self = Self::after(1011, "the server failed");
    pub(crate) const TOO_SLOW: Self = Self { code: 1013, reason: "reads too slowly", flush: false };
    pub(crate) const KICKED: Self = Self::after(4001, "signed in on another device");
    pub(crate) const REMOVED: Self = Self::after(4002, "signed out by an administrator");
    pub(crate) const REPLACED: Self = Self::after(4003, "this device signed in anew");
    pub(crate) const RESUMED: Self = Self::after(4004, "the session goes on over another connection");
    pub(crate) const LAPSED: Self = Self::after(4005, "the session is over");
    pub(crate) const SILENT: Self = Self { code: 4006, reason: "no answer to pings", flush: false };
    /// The other side closed, or is gone: there is nobody to be told.
    pub(crate) const THEIRS: Self = Self { code: 1000, reason: "", flush: false };

    const fn after(code: u16, reason: &'static str) -> Self {
        Self { code, reason, flush: true }
    }
}

/// The ends of a link's queues, for the connection's own tasks.
pub(super) struct Ends {
    pub(super) out: mpsc::Receiver<Out>,
    pub(super) end: watch::Receiver<Option<End>>,
}

/// Until the link is to end, and how; `None`: there is no link any more.
pub(super) async fn ended(end: &mut watch::Receiver<Option<End>>) -> Option<End> {
    end.wait_for(Option::is_some).await.ok().and_then(|end| *end)
}

impl Link {
    pub(super) fn new(id: u64, stranger: StrangersSeat) -> (Self, Ends) {
        let (out, waiting) = mpsc::channel(WAITING_FRAMES);
        let (end, ending) = watch::channel(None);
        let link = Self {
            id,
            standing: Mutex::new(Standing::Stranger),
            stranger: Mutex::new(Some(stranger)),
            in_call: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            app: Mutex::new(None),
            out,
            waiting_bytes: AtomicUsize::new(0),
            end,
            nudge: Notify::new(),
        };
        (link, Ends { out: waiting, end: ending })
    }

    /// Where the connection stands.
    pub(crate) fn standing(&self) -> Standing {
        self.lock().clone()
    }

    /// The session whose connection this is.
    pub(crate) fn signed(&self) -> Option<Signed> {
        match &*self.lock() {
            Standing::SignedIn(signed) => Some(signed.clone()),
            Standing::Stranger | Standing::SigningIn | Standing::Over => None,
        }
    }

    /// A sign-in to an app begins.
    pub(super) fn signing_in(&self, app: AppId) {
        *self.lock() = Standing::SigningIn;
        *self.app.lock().unwrap_or_else(PoisonError::into_inner) = Some(app);
    }

    /// The app that was signed in to last, or tried.
    pub(super) fn app(&self) -> Option<AppId> {
        *self.app.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sign-in was refused: another may be tried.
    pub(crate) fn sign_in_failed(&self) {
        let mut standing = self.lock();
        if *standing == Standing::SigningIn {
            *standing = Standing::Stranger;
        }
    }

    /// This is a session's connection from now on. To be said before its `Welcome` is sent, so that whatever the client
    /// says after that finds it signed in.
    pub(crate) fn signed_in(&self, signed: Signed) {
        let mut standing = self.lock();
        if *standing != Standing::Over {
            *standing = Standing::SignedIn(signed);
        }
        drop(standing);
        self.stranger.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Queues a frame. `rings_since`: when the `call` came that this frame makes the device ring for.
    pub(crate) fn send(&self, text: String, rings_since: Option<Instant>) {
        let bytes = text.len();
        let fits = self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= WAITING_BYTES;
        if !fits || self.out.try_send(Out::Text { text, rings_since }).is_err() {
            self.end(End::TOO_SLOW);
        }
    }

    /// Waits until there is room, then queues a frame: for answers that a client brings about itself, so that one who
    /// does not read them is not read any more. Half of the queue is left to what the shard has to say.
    pub(super) async fn send_in_turn(&self, text: String) {
        self.waiting_bytes.fetch_add(text.len(), Ordering::Relaxed);
        // Without a receiver the connection is at its end anyway.
        if let Ok(mut places) = self.out.reserve_many(WAITING_FRAMES / 2).await
            && let Some(place) = places.next()
        {
            place.send(Out::Text { text, rings_since: None });
        }
    }

    pub(super) fn ping(&self) {
        // With a full queue there are frames enough on their way.
        let _ = self.out.try_send(Out::Ping);
    }

    /// A frame has left the queue.
    pub(super) fn sent(&self, bytes: usize) {
        self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Closes the connection; the first who says so decides how.
    pub(crate) fn end(&self, end: End) {
        *self.lock() = Standing::Over;
        self.end.send_if_modified(|now| {
            let first = now.is_none();
            now.get_or_insert(end);
            first
        });
    }

    /// The connection's task will read no more; whether this is the first to say so.
    pub(super) fn leave(&self) -> bool {
        !self.gone.swap(true, Ordering::AcqRel)
    }

    /// Whether the connection is over, so that nobody reports it later.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Its device is in a call, or no longer.
    pub(crate) fn set_in_call(&self, in_call: bool) {
        self.in_call.store(in_call, Ordering::Relaxed);
        self.nudge.notify_one();
    }

    /// Whether its device is in a call.
    pub(super) fn in_call(&self) -> bool {
        self.in_call.load(Ordering::Relaxed)
    }

    /// Until [`Self::set_in_call`] is said.
    pub(super) async fn nudged(&self) {
        self.nudge.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        // Nothing in here panics half-way through a change.
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
