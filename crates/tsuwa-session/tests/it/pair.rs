//! A client's session and a server made of the server's half, with a network between them that kills sockets.

use crate::client::{event, login};
use serde_json::{Value, json};
use std::collections::VecDeque;
use tsuwa_proto::{
    Code, EventSeq, Incoming, Millis, Outcome, Request, RequestId, SessionId, event_frame, parse_request, reply_frame,
};
use tsuwa_session::{ClientOutput, ClientSession, Kept, Link, Outbox, Results};

/// One way, in milliseconds.
const DELAY_MS: u64 = 20;

/// What is on its way, in order of arrival.
enum Flying {
    Open(Link),
    Closed(Link),
    ToServer(Link, String),
    ToClient(Link, String),
}

pub(crate) struct Pair {
    pub(crate) now: Millis,
    client: ClientSession,
    wake_at: Option<Millis>,
    flying: VecDeque<(Millis, Flying)>,
    alive: Option<Link>,
    // The server.
    signed_in: Option<Link>,
    outbox: Outbox,
    results: Results,
    made: u64,
    /// Requests that the server did, in order.
    pub(crate) done: Vec<RequestId>,
    /// Events that the client told of, in order.
    pub(crate) seen: Vec<tsuwa_proto::Event>,
    /// Requests that the client told the answers of.
    pub(crate) answered: Vec<(RequestId, Outcome)>,
    /// Sockets that died.
    pub(crate) killed: u32,
}

impl Pair {
    pub(crate) fn new(seed: u64) -> Self {
        let now = Millis(0);
        let mut pair = Self {
            now,
            client: ClientSession::new(now, login(), seed),
            wake_at: None,
            flying: VecDeque::new(),
            alive: None,
            signed_in: None,
            outbox: Outbox::new(),
            results: Results::new(),
            made: 0,
            done: Vec::new(),
            seen: Vec::new(),
            answered: Vec::new(),
            killed: 0,
        };
        pair.client.set_in_call(now, true);
        pair.collect();
        pair
    }

    fn fly(&mut self, what: Flying) {
        if let Flying::ToServer(link, _) | Flying::ToClient(link, _) = &what
            && self.alive != Some(*link)
        {
            return;
        }
        self.flying.push_back((self.now.plus(DELAY_MS), what));
    }

    fn collect(&mut self) {
        while let Some(output) = self.client.poll_output() {
            match output {
                ClientOutput::Connect { link } => {
                    self.alive = Some(link);
                    self.fly(Flying::Open(link));
                }
                ClientOutput::SendText { link, text } => self.fly(Flying::ToServer(link, text)),
                ClientOutput::CloseSocket { .. } => self.alive = None,
                ClientOutput::Event { event, .. } => self.seen.push(event),
                ClientOutput::Reply { id, outcome } => self.answered.push((id, outcome)),
                ClientOutput::WakeAt(at) => self.wake_at = Some(at),
                ClientOutput::Refused(refusal) => panic!("refused: {refusal}"),
                _ => {}
            }
        }
    }

    /// The server has something to say.
    pub(crate) fn make_event(&mut self) {
        self.made += 1;
        let event = event(self.made);
        let seq = self.outbox.push(event.clone()).expect("acknowledgements keep the outbox small");
        if let Some(link) = self.signed_in {
            self.fly(Flying::ToClient(link, event_frame(seq, &event)));
        }
    }

    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    pub(crate) fn request(&mut self) -> RequestId {
        let id = self.client.request(self.now, "setMicMute", json!({ "callId": "1", "isMute": true }));
        self.collect();
        id
    }

    /// The socket dies: of what is on its way the first `arrive` still do.
    pub(crate) fn kill(&mut self, arrive: usize) {
        let Some(link) = self.alive.take() else { return };
        self.killed += 1;
        let of_link = |flying: &Flying| match flying {
            Flying::Open(l) | Flying::Closed(l) | Flying::ToServer(l, _) | Flying::ToClient(l, _) => *l == link,
        };
        let mut left = arrive;
        self.flying.retain(|(_, flying)| {
            let arrives = !of_link(flying) || left > 0;
            left = left.saturating_sub(usize::from(of_link(flying)));
            arrives
        });
        self.fly(Flying::Closed(link));
    }

    /// Time passes.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now.plus(ms);
        loop {
            let arrival = self.flying.front().map(|(at, _)| *at);
            let next = arrival.into_iter().chain(self.wake_at).min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            if arrival == Some(next) {
                let (_, what) = self.flying.pop_front().unwrap();
                self.arrive(what);
            } else {
                self.wake_at = None;
                self.client.timer(self.now);
            }
            self.collect();
        }
        self.now = end;
    }

    fn arrive(&mut self, what: Flying) {
        match what {
            Flying::Open(link) => self.client.opened(self.now, link),
            Flying::Closed(link) => {
                self.signed_in.take_if(|of| *of == link);
                self.client.closed(self.now, link);
            }
            Flying::ToClient(link, text) => self.client.frame(self.now, link, &text),
            Flying::ToServer(link, text) => self.serve(link, &text),
        }
    }

    fn serve(&mut self, link: Link, text: &str) {
        let (id, request) = match parse_request(text).unwrap() {
            Incoming::Ack(seq) => return self.outbox.ack(seq),
            Incoming::Request(id, request) => (id, request),
        };
        let session = SessionId(1);
        let welcome: Value = json!({ "sessionId": session, "resumeToken": "proof", "keptMs": 60_000 });
        match request {
            Request::Login(_) => {
                // What nobody resumed is nobody's.
                (self.outbox, self.results) = (Outbox::new(), Results::new());
                assert_eq!(self.made, 0, "only the first sign-in is a login");
                self.sign_in(link, id, welcome, EventSeq(0));
            }
            Request::Resume(resume) => self.sign_in(link, id, welcome, resume.last_seq),
            Request::Ping => self.fly(Flying::ToClient(link, reply_frame(Some(id), &Ok(json!({}))))),
            Request::Act(_) => {
                let outcome = match self.results.of(id) {
                    Kept::Done(outcome) => outcome.clone(),
                    Kept::Forgotten => Err(Code::WrongState.into()),
                    Kept::New => {
                        self.done.push(id);
                        let outcome = Ok(json!({ "did": id }));
                        self.results.keep(id, outcome.clone());
                        outcome
                    }
                };
                self.fly(Flying::ToClient(link, reply_frame(Some(id), &outcome)));
            }
            _ => unreachable!("the client was not asked for anything else"),
        }
    }

    fn sign_in(&mut self, link: Link, id: RequestId, welcome: Value, last_seq: EventSeq) {
        self.signed_in = Some(link);
        self.fly(Flying::ToClient(link, reply_frame(Some(id), &Ok(welcome))));
        self.outbox.resume(last_seq);
        let missed: Vec<_> = self.outbox.undelivered().map(|(seq, event)| event_frame(seq, event)).collect();
        for text in missed {
            self.fly(Flying::ToClient(link, text));
        }
    }
}
