//! Clients' sessions and an exchange, with a network between them that kills sockets, and a server that dies.

use crate::town::{APP, DAWN, at, reigned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tsuwa_exchange::{EffectKind, Entry, Exchange, Input, Log, MemoryLog};
use tsuwa_proto::{
    Code, Event, EventSeq, Incoming, Login, MediaMode, Millis, Outcome, Request, RequestId, SessionId, Welcome,
    event_frame, parse_request, reply_frame,
};
use tsuwa_session::{ClientOutput, ClientSession, Link};

/// One way, in milliseconds.
const DELAY_MS: u64 = 25;

/// A socket: whose, and which of its attempts.
pub(crate) type Conn = (usize, Link);

enum Flying {
    Open(Conn),
    /// The client's end and the server's end hear of it at the same moment.
    Closed(Conn),
    ToServer(Conn, String),
    ToClient(Conn, String),
}

/// A device, and what its listeners were told.
pub(crate) struct Client {
    pub(crate) session: ClientSession,
    wake_at: Option<Millis>,
    present: Option<SessionId>,
    pub(crate) seen: BTreeMap<SessionId, Vec<(EventSeq, Event)>>,
    pub(crate) asked: Vec<RequestId>,
    pub(crate) replies: Vec<(RequestId, Outcome)>,
    pub(crate) out: bool,
}

pub(crate) struct Network {
    pub(crate) now: Millis,
    pub(crate) clients: Vec<Client>,
    pub(crate) exchange: Exchange,
    pub(crate) log: MemoryLog,
    /// Every entry that was ever appended: what a snapshot takes the place of is gone from the log.
    pub(crate) whole: Vec<Entry>,
    flying: BTreeMap<(Millis, u64), Flying>,
    /// Sockets that live, and the session that each is signed in to.
    sockets: BTreeMap<Conn, Option<SessionId>>,
    waiting: BTreeMap<u64, (Conn, RequestId)>,
    counter: u64,
    epoch: u64,
    pub(crate) deaths: usize,
    pub(crate) kills: usize,
}

impl Network {
    pub(crate) fn new(users: &[&str], seed: u64) -> Self {
        let client = |(index, user): (usize, &&str)| {
            let at = at(user, "phone");
            let (user_sig, media) = ("ticket".to_owned(), MediaMode::None);
            let login = Login { sdk_app_id: APP, user_id: at.user, user_sig, device_id: at.device, media };
            Client {
                session: ClientSession::new(DAWN, login, seed + index as u64),
                wake_at: None,
                present: None,
                seen: BTreeMap::new(),
                asked: Vec::new(),
                replies: Vec::new(),
                out: false,
            }
        };
        let mut network = Self {
            now: DAWN,
            clients: users.iter().enumerate().map(client).collect(),
            exchange: Exchange::new(APP, 1),
            log: reigned(),
            whole: Vec::new(),
            flying: BTreeMap::new(),
            sockets: BTreeMap::new(),
            waiting: BTreeMap::new(),
            counter: 0,
            epoch: 1,
            deaths: 0,
            kills: 0,
        };
        network.take(Input::Started);
        (0..users.len()).for_each(|index| network.collect(index));
        network
    }

    fn fly(&mut self, what: Flying) {
        if let Flying::ToServer(conn, _) | Flying::ToClient(conn, _) = &what
            && !self.sockets.contains_key(conn)
        {
            return;
        }
        self.counter += 1;
        self.flying.insert((self.now.plus(DELAY_MS), self.counter), what);
    }

    fn collect(&mut self, index: usize) {
        while let Some(output) = self.clients[index].session.poll_output() {
            let client = &mut self.clients[index];
            match output {
                ClientOutput::Connect { link } => {
                    self.sockets.insert((index, link), None);
                    self.fly(Flying::Open((index, link)));
                }
                ClientOutput::SendText { link, text } => self.fly(Flying::ToServer((index, link), text)),
                ClientOutput::CloseSocket { link } => self.kill((index, link), usize::MAX),
                ClientOutput::SignedIn { welcome } | ClientOutput::Back { welcome } => {
                    client.present = Some(welcome.session_id);
                }
                ClientOutput::Event { seq, event } => {
                    let session = client.present.expect("events come after a welcome");
                    client.seen.entry(session).or_default().push((seq, event));
                }
                ClientOutput::Reply { id, outcome } => client.replies.push((id, outcome)),
                ClientOutput::WakeAt(at) => client.wake_at = Some(at),
                ClientOutput::Refused(_) | ClientOutput::SignedOut => client.out = true,
                ClientOutput::Fault(refusal) => panic!("{refusal}"),
                ClientOutput::Lost | ClientOutput::Signal(_) => {}
            }
        }
    }

    pub(crate) fn ask(&mut self, index: usize, method: &str, params: Value) -> RequestId {
        let id = self.clients[index].session.request(self.now, method, params);
        self.clients[index].asked.push(id);
        self.collect(index);
        id
    }

    /// Some living socket.
    pub(crate) fn some_socket(&self, choice: usize) -> Option<Conn> {
        let count = self.sockets.len().max(1);
        self.sockets.keys().nth(choice % count).copied()
    }

    /// A socket dies: of what is on its way the first `arrive` still do.
    pub(crate) fn kill(&mut self, conn: Conn, arrive: usize) {
        let mut left = arrive;
        self.flying.retain(|_, flying| match flying {
            Flying::Open(of) | Flying::Closed(of) | Flying::ToServer(of, _) | Flying::ToClient(of, _) => {
                let arrives = *of != conn || left > 0;
                left = left.saturating_sub(usize::from(*of == conn));
                arrives
            }
        });
        self.kills += 1;
        self.fly(Flying::Closed(conn));
    }

    /// The server's process is killed and started again. `mid_way`: when it has appended the next request that is on
    /// its way, and before anything follows from that; `snapshot`: it had kept one.
    pub(crate) fn server_dies(&mut self, mid_way: bool, snapshot: bool) {
        if snapshot {
            self.log.keep(&self.exchange.snapshot()).unwrap();
        }
        if let Some(input) = self.next_request().filter(|_| mid_way) {
            self.append(input);
        }
        let all: Vec<Conn> = self.sockets.keys().copied().collect();
        self.flying.clear();
        self.sockets.clear();
        self.waiting.clear();
        all.into_iter().for_each(|conn| self.fly(Flying::Closed(conn)));
        self.epoch += 1;
        self.deaths += 1;
        let stored = self.log.load().unwrap();
        self.exchange = Exchange::recover(APP, self.epoch, stored.snapshot, &stored.tail).unwrap();
        self.take(Input::Started);
    }

    /// Time passes.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now.plus(ms);
        loop {
            let arrival = self.flying.keys().next().map(|(at, _)| *at);
            let (woken, wake) = self.first_to_wake();
            let due = self.exchange.deadline();
            let next = [arrival, wake, due].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            if due == Some(next) {
                self.take(Input::Tick);
            } else if arrival == Some(next) {
                let (_, what) = self.flying.pop_first().unwrap();
                self.arrive(what);
            } else {
                self.clients[woken].wake_at = None;
                self.clients[woken].session.timer(self.now);
                self.collect(woken);
            }
        }
        self.now = end;
    }

    fn first_to_wake(&self) -> (usize, Option<Millis>) {
        let wakes = self.clients.iter().enumerate().filter_map(|(index, client)| Some((client.wake_at?, index)));
        wakes.min().map_or((0, None), |(at, index)| (index, Some(at)))
    }

    fn arrive(&mut self, what: Flying) {
        let index = match &what {
            Flying::Open(of) | Flying::Closed(of) | Flying::ToServer(of, _) | Flying::ToClient(of, _) => of.0,
        };
        match what {
            Flying::Open((_, link)) => self.clients[index].session.opened(self.now, link),
            Flying::ToClient((_, link), text) => self.clients[index].session.frame(self.now, link, &text),
            Flying::ToServer(conn, text) => self.serve(conn, &text),
            Flying::Closed(conn) => {
                let session = self.sockets.remove(&conn).flatten();
                self.clients[index].session.closed(self.now, conn.1);
                if let Some(session) = session {
                    self.take(Input::Socket { session, up: false });
                }
            }
        }
        self.collect(index);
    }

    // The server's shell.

    fn serve(&mut self, conn: Conn, text: &str) {
        let signed_in = self.sockets.get(&conn).copied().flatten();
        let (id, request) = match parse_request(text).unwrap() {
            Incoming::Ack(seq) => {
                if let Some(session) = signed_in {
                    self.take(Input::Ack { session, seq });
                }
                return;
            }
            Incoming::Request(id, request) => (id, request),
        };
        self.counter += 1;
        let origin = self.counter;
        match (request, signed_in) {
            (Request::Ping, _) => self.answer(conn, id, &Ok(json!({}))),
            (Request::Login(login), None) => {
                self.waiting.insert(origin, (conn, id));
                let at = at(login.user_id.as_str(), login.device_id.as_str());
                let expires_at = self.now.plus(86_400_000);
                self.take(Input::SignIn { origin, at, media: login.media, expires_at });
            }
            (Request::Resume(resume), None) => {
                let session = resume.session_id;
                assert_eq!(resume.resume_token, token(session));
                self.waiting.insert(origin, (conn, id));
                self.unbind(session);
                self.take(Input::Resume { origin, session, last_seq: resume.last_seq });
            }
            (Request::Act(act), Some(session)) => self.take(Input::Request { session, id, act }),
            (_, _) => self.answer(conn, id, &Err(Code::NotSignedIn.into())),
        }
    }

    fn answer(&mut self, conn: Conn, id: RequestId, outcome: &Outcome) {
        self.fly(Flying::ToClient(conn, reply_frame(Some(id), outcome)));
    }

    fn conn_of(&self, session: SessionId) -> Option<Conn> {
        self.sockets.iter().find(|(_, of)| **of == Some(session)).map(|(conn, _)| *conn)
    }

    fn unbind(&mut self, session: SessionId) -> Option<Conn> {
        let conn = self.conn_of(session)?;
        self.sockets.insert(conn, None);
        Some(conn)
    }

    fn next_request(&self) -> Option<Input> {
        self.flying.values().find_map(|flying| {
            let Flying::ToServer(conn, text) = flying else { return None };
            let session = self.sockets.get(conn).copied().flatten()?;
            match parse_request(text).unwrap() {
                Incoming::Request(id, Request::Act(act)) => Some(Input::Request { session, id, act }),
                _ => None,
            }
        })
    }

    fn append(&mut self, input: Input) -> Entry {
        let entry = self.exchange.propose(self.now, input);
        self.log.append(std::slice::from_ref(&entry)).unwrap();
        self.whole.push(entry.clone());
        entry
    }

    fn take(&mut self, input: Input) {
        let entry = self.append(input);
        self.exchange.committed(&entry);
        while let Some(effect) = self.exchange.poll_effect() {
            self.carry_out(effect.what);
        }
    }

    fn carry_out(&mut self, effect: EffectKind) {
        match effect {
            EffectKind::SignedIn { origin, session, call, .. } | EffectKind::Resumed { origin, session, call, .. } => {
                let Some((conn, id)) = self.waiting.remove(&origin) else { return };
                if let Some(bound) = self.sockets.get_mut(&conn) {
                    *bound = Some(session);
                }
                let welcome = Welcome { session_id: session, resume_token: token(session), kept_ms: 60_000, call };
                self.answer(conn, id, &Ok(serde_json::to_value(welcome).unwrap()));
                if !self.sockets.contains_key(&conn) {
                    self.take(Input::Socket { session, up: false });
                }
            }
            EffectKind::SignInRefused { origin, refusal } | EffectKind::ResumeRefused { origin, refusal } => {
                let Some((conn, id)) = self.waiting.remove(&origin) else { return };
                self.answer(conn, id, &Err(refusal));
            }
            EffectKind::Reply { session, id, outcome } => {
                if let Some(conn) = self.conn_of(session) {
                    self.answer(conn, id, &outcome);
                }
            }
            EffectKind::Event { session, seq, event } => {
                if let Some(conn) = self.conn_of(session) {
                    self.fly(Flying::ToClient(conn, event_frame(seq, &event)));
                }
            }
            EffectKind::Close { session, .. } | EffectKind::Lapsed { session } => {
                if let Some(conn) = self.unbind(session) {
                    self.fly(Flying::Closed(conn));
                }
            }
            EffectKind::InCall { session, yes } => {
                if let Some((index, _)) = self.conn_of(session) {
                    self.clients[index].session.set_in_call(self.now, yes);
                }
            }
            EffectKind::Record(_) | EffectKind::Hook(_) | EffectKind::HooksFull { .. } => {}
            EffectKind::AdminReply { .. } | EffectKind::Media(_) | EffectKind::Note(_) => {}
        }
    }
}

fn token(session: SessionId) -> String {
    format!("proof-of-{session}")
}
