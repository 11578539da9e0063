//! A device with the client's session on it, and an app that shows what its listeners are told.

mod ask;
mod hear;
mod view;

pub(crate) use ask::Asked;
pub(crate) use view::{Part, Shown, View};

use crate::clock::Clock;
use crate::doing::{ConnNo, Do, PhoneNo, ResidentNo};
use crate::laws::Law;
use crate::server::APP;
use crate::town::{Fault, Town};
use crate::wire::Frame;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tsuwa_call::DeviceKey;
use tsuwa_proto::{CallId, CallStage, Login, MediaMode, Millis, RequestId, SessionId};
use tsuwa_session::{ClientOutput, ClientSession, Link};

pub(crate) struct Phone {
    pub(crate) owner: ResidentNo,
    pub(crate) at: DeviceKey,
    pub(crate) media: MediaMode,
    pub(crate) clock: Clock,
    /// One way over its network, in milliseconds.
    pub(crate) way_ms: u64,
    /// While the app runs and is signed in, or tries to be.
    pub(crate) session: Option<ClientSession>,
    wake: u64,
    /// Its present connection, and all that it has not closed.
    pub(crate) conn: Option<ConnNo>,
    conns: BTreeMap<Link, ConnNo>,
    pub(crate) view: View,
    pub(crate) asked: BTreeMap<RequestId, Asked>,
    /// The app runs for the so-manieth time; it has not been welcomed yet.
    pub(crate) runs: u32,
    pub(crate) first: bool,
    pub(crate) present: Option<SessionId>,
    /// What it has hung up, or declined, without being sure that the server knows.
    pub(crate) hung_up: BTreeSet<Part>,
    /// Calls that it hung up or declined without saying which ringing it meant: whatever rang then.
    pub(crate) unnamed: BTreeSet<CallId>,
    /// It hung up a `call` of which it has no answer: if that was taken as the answer to what rang, it does not know it.
    pub(crate) gave_up: bool,
    /// What rang last, of old.
    pub(crate) rang: VecDeque<Part>,
    /// Requests for calls that had no answer, while there was a call.
    pub(crate) doubtful: Vec<RequestId>,
    /// Its network is away until then; or only its media's way.
    pub(crate) away_until: u64,
    pub(crate) media_away_until: u64,
    /// Its media never comes up; its answers are no good; it sends before it may.
    pub(crate) no_media: bool,
    pub(crate) bad_answers: bool,
    pub(crate) eager: bool,
    pub(crate) muted: bool,
    pub(crate) camera: bool,
    pub(crate) transport: Option<CallId>,
    pub(crate) packet_turn: u64,
    /// How long its tickets last, in seconds, and the one it has.
    pub(crate) ticket_s: u64,
    /// When it was last offline for long, for the rows that ask.
    pub(crate) signed_in_at: u64,
    pub(crate) expired: bool,
}

impl Phone {
    /// A ringing that became a talk without its `accept`.
    pub(crate) fn shows_what_it_gave_up(&self) -> bool {
        self.gave_up && self.view.call.as_ref().is_some_and(|shown| shown.before_answer)
    }

    pub(crate) fn new(owner: ResidentNo, at: DeviceKey, media: MediaMode, clock: Clock, way_ms: u64) -> Self {
        Self {
            owner,
            at,
            media,
            clock,
            way_ms,
            session: None,
            wake: 0,
            conn: None,
            conns: BTreeMap::new(),
            view: View::default(),
            asked: BTreeMap::new(),
            runs: 0,
            first: true,
            present: None,
            hung_up: BTreeSet::new(),
            unnamed: BTreeSet::new(),
            gave_up: false,
            rang: VecDeque::new(),
            doubtful: Vec::new(),
            away_until: 0,
            media_away_until: 0,
            no_media: false,
            bad_answers: false,
            eager: false,
            muted: false,
            camera: false,
            transport: None,
            packet_turn: 0,
            ticket_s: 86_400,
            signed_in_at: 0,
            expired: false,
        }
    }

    pub(crate) fn is_up(&self) -> bool {
        self.session.as_ref().is_some_and(ClientSession::is_up)
    }

    /// Whether it sends sound and pictures to this call.
    pub(crate) fn sends(&self, call: CallId) -> [bool; 2] {
        let shown = self.view.call.as_ref().filter(|shown| shown.id == call && shown.stage != CallStage::Ringing);
        let open = shown.is_some();
        [(open && !self.muted) || self.eager, (open && self.camera) || self.eager]
    }
}

impl Town {
    pub(crate) fn phone_of(&self, at: &DeviceKey) -> Option<PhoneNo> {
        self.phone_of.get(at).copied()
    }

    /// The app is started and signs in.
    pub(crate) fn start_app(&mut self, phone: PhoneNo, run: u32) {
        let found = &self.phones[phone];
        if found.session.is_some() || found.runs != run || self.evening_begun_signed_out(phone) {
            return;
        }
        let user_sig = self.ticket(phone);
        let now = self.phones[phone].clock.at(self.now);
        let seed = self.dice.draw();
        let found = &mut self.phones[phone];
        let (user_id, device_id) = (found.at.user.clone(), found.at.device.clone());
        let login = Login { sdk_app_id: APP, user_id, user_sig, device_id, media: found.media };
        found.runs += 1;
        found.session = Some(ClientSession::new(now, login, seed));
        found.first = true;
        found.view = View::default();
        found.hung_up.clear();
        found.unnamed.clear();
        found.gave_up = false;
        (found.transport, found.muted, found.camera) = (None, false, false);
        say!(self, "{} starts its app", self.name(phone));
        self.collect(phone);
    }

    /// The app is killed: nothing is said to anybody.
    pub(crate) fn kill_app(&mut self, phone: PhoneNo) {
        if self.phones[phone].session.is_none() {
            return;
        }
        say!(self, "{}'s app is killed", self.name(phone));
        self.counts.fault(Fault::AppKilled);
        let conns: Vec<ConnNo> = self.phones[phone].conns.values().copied().collect();
        for conn in conns {
            if self.dice.chance(300) {
                // The machine is gone with it: no end of the connection is ever seen.
                self.conns[conn].black = true;
                self.conns[conn].client_open = false;
            } else {
                self.client_closes(conn);
            }
        }
        self.forget_session(phone);
    }

    /// The session is over on this device.
    pub(crate) fn forget_session(&mut self, phone: PhoneNo) {
        let conns: Vec<ConnNo> = self.phones[phone].conns.values().copied().collect();
        conns.into_iter().for_each(|conn| self.client_closes(conn));
        let found = &mut self.phones[phone];
        found.session = None;
        found.conn = None;
        found.conns.clear();
        found.asked.clear();
        found.doubtful.clear();
        found.view = View::default();
        found.present = None;
        found.transport = None;
        found.wake += 1;
    }

    /// Something happens on one of a phone's connections.
    pub(crate) fn with_session(
        &mut self,
        phone: PhoneNo,
        what: impl FnOnce(&mut ClientSession, Millis, Link),
        conn: ConnNo,
    ) {
        let link = self.conns[conn].link;
        let found = &mut self.phones[phone];
        if found.conns.get(&link) != Some(&conn) {
            return;
        }
        let now = found.clock.at(self.now);
        if let Some(session) = &mut found.session {
            what(session, now, link);
            self.collect(phone);
        }
    }

    pub(crate) fn wake(&mut self, phone: PhoneNo, wish: u64) {
        let found = &mut self.phones[phone];
        if found.wake != wish {
            return;
        }
        let now = found.clock.at(self.now);
        if let Some(session) = &mut found.session {
            session.timer(now);
            self.collect(phone);
        }
    }

    /// Does what the session asks for, and listens to what it tells.
    pub(crate) fn collect(&mut self, phone: PhoneNo) {
        while let Some(output) = self.phones[phone].session.as_mut().and_then(ClientSession::poll_output) {
            match output {
                ClientOutput::Connect { link } => {
                    let conn = self.connect(Some(phone), link);
                    self.phones[phone].conns.insert(link, conn);
                    self.phones[phone].conn = Some(conn);
                }
                ClientOutput::SendText { link, text } => {
                    if let Some(conn) = self.phones[phone].conns.get(&link).copied() {
                        self.fly_up(conn, Frame::Text(text));
                    }
                }
                ClientOutput::CloseSocket { link } => {
                    if let Some(conn) = self.phones[phone].conns.remove(&link) {
                        self.client_closes(conn);
                    }
                }
                ClientOutput::SignedIn { welcome } => self.signed_in(phone, welcome),
                ClientOutput::Back { welcome } => {
                    self.counts.resumes += 1;
                    self.laws.hold(Law::SeenIsMade, self.phones[phone].present == Some(welcome.session_id), || {
                        "a resume goes on with another session".to_owned()
                    });
                    self.resumed(phone, &welcome);
                }
                ClientOutput::Lost => {
                    self.counts.lost += 1;
                    let shown = self.phones[phone].view.call.as_ref().map(|shown| shown.id);
                    self.tales.add(self.now, phone, shown, crate::rows::Line::Lost);
                }
                ClientOutput::Event { seq, event } => self.hear(phone, seq, event),
                ClientOutput::Signal(signal) => self.signalled(phone, signal),
                ClientOutput::Reply { id, outcome } => self.answered_to(phone, id, outcome),
                ClientOutput::Fault(refusal) => {
                    self.laws.hold(Law::NoFault, false, || format!("{} reads: {refusal}", self.phones[phone].owner));
                }
                ClientOutput::Refused(refusal) => {
                    say!(self, "{} is out: {refusal}", self.name(phone));
                    self.refused_for_good(phone, refusal.code);
                }
                ClientOutput::SignedOut => {
                    self.forget_session(phone);
                    self.app_later(phone, 3_000, 25_000);
                }
                ClientOutput::WakeAt(at) => {
                    let found = &mut self.phones[phone];
                    found.wake += 1;
                    let at = found.clock.when(self.now, at);
                    self.queue.put(at.max(self.now), Do::Wake(phone, found.wake));
                }
            }
        }
        self.follow_call(phone);
    }

    /// How closely the connection is watched follows what the app shows.
    fn follow_call(&mut self, phone: PhoneNo) {
        let found = &mut self.phones[phone];
        let in_call = found.view.call.as_ref().is_some_and(|shown| shown.stage != CallStage::Ringing);
        if found.session.is_some() && found.view.watched != in_call {
            found.view.watched = in_call;
            let now = found.clock.at(self.now);
            if let Some(session) = &mut found.session {
                session.set_in_call(now, in_call);
            }
            self.collect(phone);
        }
    }

    pub(crate) fn app_later(&mut self, phone: PhoneNo, from_ms: u64, to_ms: u64) {
        let at = self.now + self.dice.within(from_ms, to_ms);
        self.queue.put(at, Do::AppStart(phone, self.phones[phone].runs));
    }

    pub(crate) fn name(&self, phone: PhoneNo) -> &str {
        self.phones[phone].at.device.as_str()
    }
}
