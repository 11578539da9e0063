//! A gateway: connections, their heartbeats, and who may say what on them.

use super::{APP, SLOW_MESSAGE_MS, Standing, ToLink, ToShard, token};
use crate::doing::{ConnNo, Do};
use crate::town::{Fault, Town};
use crate::wire::Frame;
use serde_json::json;
use tsuwa_call::DeviceKey;
use tsuwa_proto::{
    Code, Incoming, Login, Millis, Outcome, Refusal, Request, RequestId, limits, parse_request, reply_frame,
};
use tsuwa_session::Beat;

impl Town {
    /// A frame of a device arrives at its gateway.
    pub(crate) fn up(&mut self, conn: ConnNo, frame: Frame) {
        if !self.arrives(conn, true) {
            return;
        }
        let now = self.server.clock.at(self.now);
        self.conns[conn].heard_at = now;
        if self.conns[conn].heartbeat.heard(now) {
            self.socket(conn, true);
        }
        if let Frame::Text(text) = frame {
            self.laws
                .hold(crate::laws::Law::NoFault, text.len() <= limits::FRAME_BYTES, || "a frame is too long".into());
            self.request(conn, &text);
        }
        self.beat(conn);
        if let Some(phone) = self.conns[conn].phone {
            self.settled(phone);
        }
    }

    /// What is due of a connection's heartbeat.
    pub(crate) fn beat(&mut self, conn: ConnNo) {
        let now = self.server.clock.at(self.now);
        while self.conns[conn].gateway_open {
            let found = &mut self.conns[conn];
            if !matches!(found.standing, Standing::SignedIn(..)) && self.now >= found.sign_in_by {
                return self.gateway_closes(conn);
            }
            match found.heartbeat.poll(now) {
                Some(Beat::Ping) => self.fly_down(conn, Frame::Ping),
                Some(Beat::Lost) => {
                    self.counts.fault(Fault::HeartbeatLost);
                    self.socket(conn, false);
                }
                Some(Beat::Close) => return self.gateway_closes(conn),
                None => return self.watch(conn),
            }
        }
    }

    /// Sees to it that the heartbeat is looked at when it is due.
    pub(crate) fn watch(&mut self, conn: ConnNo) {
        let found = &self.conns[conn];
        let due = found.heartbeat.deadline().map(|at| self.server.clock.when(self.now, at));
        let stranger = !matches!(found.standing, Standing::SignedIn(..));
        let due = if stranger { Some(due.map_or(found.sign_in_by, |at| at.min(found.sign_in_by))) } else { due };
        if let Some(due) = due
            && found.beat_at.is_none_or(|planned| due < planned)
        {
            self.conns[conn].beat_at = Some(due);
            self.queue.put(due.max(self.now), Do::Beat(conn));
        }
    }

    pub(crate) fn beat_due(&mut self, conn: ConnNo) {
        if self.conns[conn].beat_at.is_some_and(|at| at <= self.now) {
            self.conns[conn].beat_at = None;
        }
        if self.conns[conn].gateway_open && self.server.alive {
            self.beat(conn);
        }
    }

    fn socket(&mut self, conn: ConnNo, up: bool) {
        if let Standing::SignedIn(session, _) = self.conns[conn].standing {
            self.tell_shard(conn, ToShard::Socket { session, up });
        }
    }

    /// Tells the shard, once, that a connection is no more.
    pub(crate) fn leave(&mut self, conn: ConnNo) {
        if !std::mem::replace(&mut self.conns[conn].left, true) {
            self.tell_shard(conn, ToShard::Left);
        }
    }

    /// Messages of one connection stay in order; those of different ones overtake each other.
    pub(crate) fn tell_shard(&mut self, conn: ConnNo, message: ToShard) {
        let slow = if self.troubled && self.dice.chance(10) {
            self.dice.within(5, SLOW_MESSAGE_MS)
        } else {
            self.dice.below(2)
        };
        let at = (self.now + slow).max(self.conns[conn].last_to_shard);
        self.conns[conn].last_to_shard = at;
        self.conns[conn].busy += 1;
        self.messages += 1;
        self.queue.put(at, Do::ToShard(self.server.life, self.messages, Some(conn), message));
    }

    /// What the shard says of a connection arrives.
    pub(crate) fn hear_shard(&mut self, life: u32, conn: ConnNo, message: ToLink) {
        self.conns[conn].busy -= 1;
        if life != self.server.life || !self.conns[conn].gateway_open {
            return;
        }
        match message {
            ToLink::SignedIn(session, at) => {
                if self.conns[conn].standing != Standing::Over {
                    self.conns[conn].standing = Standing::SignedIn(session, at);
                }
            }
            ToLink::SignInFailed => {
                if self.conns[conn].standing == Standing::SigningIn {
                    self.conns[conn].standing = Standing::Stranger;
                }
            }
            ToLink::Send(text) => self.fly_down(conn, Frame::Text(text)),
            ToLink::InCall(in_call) => {
                let now = self.server.clock.at(self.now);
                self.conns[conn].heartbeat.set_in_call(now, in_call);
                self.beat(conn);
            }
            ToLink::End => {
                self.conns[conn].standing = Standing::Over;
                self.gateway_closes(conn);
            }
        }
    }

    fn request(&mut self, conn: ConnNo, text: &str) {
        let frame = match parse_request(text) {
            Ok(frame) => frame,
            Err(rejected) => return self.answer_now(conn, rejected.id, &Err(rejected.refusal)),
        };
        let standing = self.conns[conn].standing.clone();
        let (id, request) = match (frame, &standing) {
            (Incoming::Ack(seq), Standing::SignedIn(session, _)) => {
                return self.tell_shard(conn, ToShard::Ack { session: *session, seq });
            }
            (Incoming::Ack(_), _) => return,
            (Incoming::Request(id, request), _) => (id, request),
        };
        match self.judged(conn, id, request, &standing) {
            Ok(Some(message)) => self.tell_shard(conn, message),
            Ok(None) => {}
            Err(refusal) => self.answer_now(conn, Some(id), &Err(refusal)),
        }
    }

    /// What a request is to the shard, where it stands; a refusal if it may not be.
    fn judged(
        &mut self,
        conn: ConnNo,
        id: RequestId,
        request: Request,
        standing: &Standing,
    ) -> Result<Option<ToShard>, Refusal> {
        let message = match (standing, request) {
            (Standing::Over, _) => return Err(Code::NotSignedIn.into()),
            (Standing::SigningIn, Request::Login(_) | Request::Resume(_)) => return Err(Code::SignInUnderWay.into()),
            (Standing::Stranger, Request::Login(login)) => {
                let expires_at = self.verify(&login)?;
                self.conns[conn].standing = Standing::SigningIn;
                let at = DeviceKey { user: login.user_id, device: login.device_id };
                ToShard::SignIn { id, at, media: login.media, expires_at }
            }
            (Standing::Stranger, Request::Resume(resume)) => {
                if resume.resume_token != token(resume.session_id) {
                    return Err(Refusal::new(Code::SigWrong, "the resume token is not this session's"));
                }
                self.conns[conn].standing = Standing::SigningIn;
                ToShard::Resume { id, session: resume.session_id, last_seq: resume.last_seq }
            }
            (Standing::Stranger | Standing::SigningIn, _) => return Err(Code::NotSignedIn.into()),
            (Standing::SignedIn(session, at), Request::Login(login)) => {
                if login.sdk_app_id != APP || login.user_id != at.user || login.device_id != at.device {
                    return Err(Refusal::new(Code::WrongState, "somebody else is signed in on this connection"));
                }
                let expires_at = self.verify(&login)?;
                ToShard::Renew { id, session: *session, expires_at }
            }
            (Standing::SignedIn(..), Request::Resume(_)) => return Err(Code::WrongState.into()),
            (Standing::SignedIn(..), Request::Ping) => {
                self.answer_now(conn, Some(id), &Ok(json!({})));
                return Ok(None);
            }
            (Standing::SignedIn(session, _), Request::Act(act)) => ToShard::Request { session: *session, id, act },
            (Standing::SignedIn(_, at), Request::MediaAnswer { call_id, offer_id, sdp }) => {
                let (at, good) = (at.clone(), sdp == "v=0");
                ToShard::MediaAnswer { at, id, call: call_id, offer_id, good }
            }
            (Standing::SignedIn(_, at), Request::MediaRestart { call_id }) => {
                ToShard::MediaRestart { at: at.clone(), id, call: call_id }
            }
            // A look at the records: they are the store's, not the exchange's.
            (Standing::SignedIn(..), Request::QueryRecentCalls { .. }) => return Err(Code::NoSuchMethod.into()),
        };
        Ok(Some(message))
    }

    /// The ticket's end.
    fn verify(&mut self, login: &Login) -> Result<Millis, Refusal> {
        if login.sdk_app_id != APP {
            return Err(Code::AppUnknown.into());
        }
        let now_s = self.server.clock.at(self.now).0 / 1000;
        let user = login.user_id.as_str();
        let known = (login.user_id.clone(), login.user_sig.clone());
        if let Some(end_s) = self.believed.get(&known).filter(|end_s| now_s < **end_s) {
            return Ok(Millis(end_s * 1000));
        }
        let verified = tsuwa_usersig::verify(&self.key, APP.0, user, now_s, &login.user_sig).map_err(|error| {
            Code::try_from(error.code())
                .map_or_else(|_| Code::SigUndecodable.into(), |code| Refusal::new(code, error.to_string()))
        })?;
        self.believed.insert(known, verified.expires_at_s);
        Ok(Millis(verified.expires_at_s * 1000))
    }

    fn answer_now(&mut self, conn: ConnNo, id: Option<RequestId>, outcome: &Outcome) {
        self.fly_down(conn, Frame::Text(reply_frame(id, outcome)));
    }
}
