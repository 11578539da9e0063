//! The client's half of a session: signs in, numbers and repeats requests, drops events it has had, notices a dead
//! socket and comes back by itself.

mod backoff;
mod frames;
mod output;
mod pending;
mod pulse;
mod receipts;
mod stage;

pub use output::{ClientOutput, Link};

use backoff::BackOff;
use pending::Pending;
use pulse::Pulse;
use receipts::Receipts;
use serde_json::Value;
use stage::Stage;
use std::collections::VecDeque;
use tsuwa_proto::{Code, Login, Millis, RequestId, SessionId};

/// A device's session with a server, without socket and clock.
///
/// The shell tells it what happens, with the moment (any monotonic clock, in milliseconds), and after each call takes
/// [`Self::poll_output`] until that gives nothing. It begins by asking for a connection.
///
/// ```
/// use tsuwa_proto::{AppId, Login, MediaMode, Millis};
/// use tsuwa_session::{ClientOutput, ClientSession};
///
/// let login = Login {
///     sdk_app_id: AppId(1_400_000_001),
///     user_id: "alice".parse()?,
///     user_sig: "…".into(),
///     device_id: "laptop".parse()?,
///     media: MediaMode::Webrtc,
/// };
/// let mut session = ClientSession::new(Millis(0), login, 4711);
/// assert!(matches!(session.poll_output(), Some(ClientOutput::Connect { .. })));
/// # Ok::<(), tsuwa_proto::BadId>(())
/// ```
#[derive(Clone)]
pub struct ClientSession {
    login: Login,
    /// The session that the server keeps for us, once there is one.
    held: Option<Held>,
    stage: Stage,
    in_call: bool,
    /// Until the first sign-in succeeded: when to give up.
    first_by: Option<Millis>,
    /// The server has answered the opening of a connection at least once.
    reached: bool,
    /// The server said that this device is out; the socket's end is the session's.
    kicked: bool,
    next_link: u64,
    next_id: u64,
    pending: Pending,
    receipts: Receipts,
    pulse: Pulse,
    back_off: BackOff,
    out: VecDeque<ClientOutput>,
    wake_at: Option<Millis>,
}

/// What resuming takes.
#[derive(Clone)]
struct Held {
    id: SessionId,
    token: String,
}

impl std::fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The ticket, the token and what waits to be sent are nobody's business.
        let session = self.held.as_ref().map(|held| held.id);
        f.debug_struct("ClientSession").field("session", &session).field("stage", &self.stage).finish_non_exhaustive()
    }
}

impl ClientSession {
    /// Begin to sign in. `seed` is for the jitter of the back-off: any number that differs between devices.
    pub fn new(now: Millis, login: Login, seed: u64) -> Self {
        let mut session = Self {
            login,
            held: None,
            stage: Stage::Resting { until: now },
            in_call: false,
            first_by: Some(now.plus(crate::timing::ANSWER_MS)),
            reached: false,
            kicked: false,
            next_link: 1,
            next_id: 1,
            pending: Pending::default(),
            receipts: Receipts::default(),
            pulse: Pulse::new(now, false),
            back_off: BackOff::new(seed),
            out: VecDeque::new(),
            wake_at: None,
        };
        session.connect(now);
        session.schedule();
        session
    }

    /// The connection is open.
    pub fn opened(&mut self, now: Millis, link: Link) {
        if matches!(self.stage, Stage::Connecting { link: ours, .. } if ours == link) {
            self.reached = true;
            self.pulse = Pulse::new(now, self.in_call);
            self.sign_in(now, link);
        }
        self.schedule();
    }

    /// The connection is closed, or could not be opened.
    pub fn closed(&mut self, now: Millis, link: Link) {
        if self.stage.link() == Some(link) {
            self.connection_gone(now);
        }
        self.schedule();
    }

    /// A text frame came.
    pub fn frame(&mut self, now: Millis, link: Link, text: &str) {
        if self.stage.link() == Some(link) {
            self.pulse.heard(now);
            self.read(now, link, text);
        }
        self.schedule();
    }

    /// Something else came (a WebSocket ping or pong): the server is there.
    pub fn heard(&mut self, now: Millis, link: Link) {
        if self.stage.link() == Some(link) {
            self.pulse.heard(now);
        }
        self.schedule();
    }

    /// Make a request by the protocol's name and parameters; `logout` ends the session when it is done. Its answer is
    /// a [`ClientOutput::Reply`]. Made while there is no connection, it waits for one, [`timing::ANSWER_MS`] at most.
    ///
    /// [`timing::ANSWER_MS`]: crate::timing::ANSWER_MS
    pub fn request(&mut self, now: Millis, method: &str, params: Value) -> RequestId {
        let id = self.number();
        if matches!(self.stage, Stage::Over) {
            self.reply(id, Err(Code::NotSignedIn.into()));
        } else if self.pending.is_full(method) && !self.make_room(method) {
            self.reply(id, Err(Code::RateLimited.into()));
        } else {
            self.pending.add(now, id, method, params);
            self.send_pending(now);
        }
        self.schedule();
        id
    }

    /// Sign in again with a new ticket, in place: the session stays. The answer is a [`ClientOutput::Reply`].
    pub fn renew(&mut self, now: Millis, user_sig: String) -> RequestId {
        let login = Login { user_sig, ..self.login.clone() };
        self.request(now, "login", frames::login_params(&login))
    }

    /// The device is in a call, or no longer: how closely the connection is watched, and how long the pauses between
    /// attempts may get.
    pub fn set_in_call(&mut self, now: Millis, in_call: bool) {
        self.in_call = in_call;
        self.pulse.set_in_call(now, in_call);
        if in_call {
            self.hurry(now);
        }
        self.schedule();
    }

    /// The device's network has changed (Wi-Fi to cellular): don't wait, connect anew at once.
    pub fn network_changed(&mut self, now: Millis) {
        if !matches!(self.stage, Stage::Over) {
            self.back_off.reset();
            self.drop_connection(now);
        }
        self.schedule();
    }

    /// The moment of the last [`ClientOutput::WakeAt`] has come. Earlier or later does no harm.
    pub fn timer(&mut self, now: Millis) {
        self.wake_at = None;
        self.give_up_waiting(now);
        self.act_on_stage(now);
        self.schedule();
    }

    /// What is to be done or told next, in order.
    pub fn poll_output(&mut self) -> Option<ClientOutput> {
        self.out.pop_front()
    }

    /// Whether the session is signed in and connected.
    pub fn is_up(&self) -> bool {
        matches!(self.stage, Stage::Up { .. })
    }

    fn make_room(&mut self, method: &str) -> bool {
        let Some(dropped) = self.pending.make_room(method) else { return false };
        if !dropped.told {
            self.reply(dropped.id, Err(Code::RateLimited.into()));
        }
        true
    }

    fn number(&mut self) -> RequestId {
        let id = RequestId(self.next_id);
        self.next_id += 1;
        id
    }

    fn schedule(&mut self) {
        let due = self.next_due();
        if due != self.wake_at {
            self.wake_at = due;
            self.out.extend(due.map(ClientOutput::WakeAt));
        }
    }
}
