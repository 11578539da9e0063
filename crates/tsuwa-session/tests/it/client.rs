//! A client's session with the server played by the test.

use serde_json::{Value, json};
use tsuwa_proto::{AppId, Code, Event, EventSeq, Login, MediaMode, Millis, RequestId, event_frame};
use tsuwa_session::{ClientOutput, ClientSession, Link};

pub(crate) const APP: AppId = AppId(1_400_000_001);

pub(crate) fn login() -> Login {
    Login {
        sdk_app_id: APP,
        user_id: "alice".parse().unwrap(),
        user_sig: "ticket-one".into(),
        device_id: "laptop".parse().unwrap(),
        media: MediaMode::None,
    }
}

/// A client, its clock and what it has said.
pub(crate) struct Client {
    pub(crate) session: ClientSession,
    pub(crate) now: Millis,
    /// The connection that it last asked for and did not close.
    pub(crate) link: Option<Link>,
    /// When it last asked for one.
    pub(crate) asked_at: Millis,
    wake_at: Option<Millis>,
    /// Frames sent and not yet looked at, oldest first.
    sent: Vec<Value>,
    /// Everything else, not yet looked at.
    told: Vec<ClientOutput>,
}

impl Client {
    pub(crate) fn new() -> Self {
        let now = Millis(1_000);
        let session = ClientSession::new(now, login(), 7);
        let mut client =
            Self { session, now, link: None, asked_at: now, wake_at: None, sent: Vec::new(), told: Vec::new() };
        client.collect();
        client
    }

    /// One that is signed in, with session 5.
    pub(crate) fn signed_in() -> Self {
        let mut client = Self::new();
        client.open();
        client.answer_sign_in("login", Ok(welcome("5")));
        client.told();
        client
    }

    pub(crate) fn collect(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                ClientOutput::Connect { link } => (self.link, self.asked_at) = (Some(link), self.now),
                ClientOutput::CloseSocket { link } if self.link == Some(link) => self.link = None,
                ClientOutput::SendText { text, .. } => self.sent.push(serde_json::from_str(&text).unwrap()),
                ClientOutput::WakeAt(at) => self.wake_at = Some(at),
                other => self.told.push(other),
            }
        }
    }

    pub(crate) fn open(&mut self) {
        let link = self.link.expect("a connection was asked for");
        self.session.opened(self.now, link);
        self.collect();
    }

    pub(crate) fn close(&mut self) {
        let link = self.link.take().expect("a connection was asked for");
        self.session.closed(self.now, link);
        self.collect();
    }

    /// Time passes, and timers go off.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now.plus(ms);
        while let Some(at) = self.wake_at.filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.wake_at = None;
            self.session.timer(self.now);
            self.collect();
        }
        self.now = end;
    }

    /// Time passes, and a timer that was due meanwhile goes off at the end of it.
    pub(crate) fn sleep(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        self.wake_at = None;
        self.session.timer(self.now);
        self.collect();
    }

    pub(crate) fn frame(&mut self, text: &str) {
        let link = self.link.expect("there is a connection");
        self.session.frame(self.now, link, text);
        self.collect();
    }

    pub(crate) fn event(&mut self, seq: u64, event: &Event) {
        self.frame(&event_frame(EventSeq(seq), event));
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> RequestId {
        let id = self.session.request(self.now, method, params);
        self.collect();
        id
    }

    /// Answer the frame that must be a `login` or a `resume`.
    pub(crate) fn answer_sign_in(&mut self, method: &str, outcome: Result<Value, i32>) -> Value {
        let asked = self.next_sent();
        assert_eq!(asked["method"], method);
        let answer = match outcome {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result }),
            Err(code) => json!({ "jsonrpc": "2.0", "id": asked["id"], "error": { "code": code, "message": "no" } }),
        };
        self.frame(&answer.to_string());
        asked["params"].clone()
    }

    pub(crate) fn answer(&mut self, id: RequestId, result: &Value) {
        self.frame(&json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string());
    }

    pub(crate) fn refuse(&mut self, id: RequestId, code: Code) {
        let error = json!({ "code": code.number(), "message": "no" });
        self.frame(&json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string());
    }

    pub(crate) fn has_sent(&self) -> bool {
        !self.sent.is_empty()
    }

    /// The oldest frame that was not looked at.
    pub(crate) fn next_sent(&mut self) -> Value {
        assert!(!self.sent.is_empty(), "a frame was sent");
        self.sent.remove(0)
    }

    /// Methods of the frames that were not looked at.
    pub(crate) fn sent_methods(&mut self) -> Vec<String> {
        std::mem::take(&mut self.sent).iter().map(|frame| frame["method"].as_str().unwrap().to_owned()).collect()
    }

    /// What was told and not looked at.
    pub(crate) fn told(&mut self) -> Vec<ClientOutput> {
        std::mem::take(&mut self.told)
    }
}

pub(crate) fn welcome(session: &str) -> Value {
    json!({ "sessionId": session, "resumeToken": format!("token-of-{session}"), "keptMs": 60_000 })
}

/// Any event that can be told from others: the number is the call's.
pub(crate) fn event(number: u64) -> Event {
    Event::OnCallEnd { call_id: tsuwa_proto::CallId(number), reason: None }
}
