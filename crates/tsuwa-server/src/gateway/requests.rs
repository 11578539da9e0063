//! What a device's frames have done.

use super::link::{End, Link};
use crate::apps::App;
use crate::authorise::{Circumstances, Permit, Signed, authorise};
use crate::house::House;
use crate::shard::ToShard;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tsuwa_call::DeviceKey;
use tsuwa_proto::{
    CallId, Code, Incoming, Login, Outcome, Refusal, Request, RequestId, Resume, parse_request, reply_frame,
};

/// Frames a second that a connection may send over a longer time: a request, its acknowledgements and pings, with room.
const FRAMES_PER_S: f64 = 100.0;
/// Frames that may come at once: what a client sends anew after a resume (64 requests), with room.
const FRAMES_BURST: f64 = 400.0;
/// Frames beyond that, before the connection is closed: so many are no mistake.
const FRAMES_EXCESS: u32 = 1000;
/// Frames that a connection may send before it is signed in: some attempts, and pings.
const STRANGER_FRAMES: u32 = 32;
/// How long the answer to a failed sign-in takes that is one too many.
const SLOWED: Duration = Duration::from_secs(1);

/// A connection's frames: judged, counted, and passed on.
pub(super) struct Requests {
    house: Arc<House>,
    link: Arc<Link>,
    from: IpAddr,
    budget: f64,
    budget_at: Instant,
    excess: u32,
    as_stranger: u32,
}

impl Requests {
    pub(super) fn new(house: Arc<House>, link: Arc<Link>, from: IpAddr) -> Self {
        Self { house, link, from, budget: FRAMES_BURST, budget_at: Instant::now(), excess: 0, as_stranger: 0 }
    }

    /// A WebSocket ping or pong: nothing to do, but they are counted.
    pub(super) async fn control(&mut self) -> Result<(), End> {
        self.within().map(|_| ())
    }

    /// A text frame.
    pub(super) async fn text(&mut self, text: &str) -> Result<(), End> {
        let within = self.within()?;
        let frame = match parse_request(text) {
            Ok(frame) => frame,
            Err(rejected) => {
                self.stranger()?;
                self.refuse(rejected.id, rejected.refusal).await;
                return Ok(());
            }
        };
        if !within {
            if let Incoming::Request(id, _) = frame {
                self.refuse(Some(id), Code::RateLimited.into()).await;
            }
            return Ok(());
        }
        let circumstances = Circumstances { draining: self.house.draining(), in_call: self.link.in_call() };
        match authorise(&self.link.standing(), circumstances, frame) {
            Err((id, refusal)) => {
                self.stranger()?;
                self.refuse(Some(id), refusal).await;
                Ok(())
            }
            Ok(Permit::Nothing) => self.stranger(),
            Ok(Permit::SignIn(id, login)) => {
                self.stranger()?;
                self.sign_in(id, login, None).await
            }
            Ok(Permit::Renew(id, signed, login)) => self.sign_in(id, login, Some(signed)).await,
            Ok(Permit::Resume(id, resume)) => {
                self.stranger()?;
                self.resume(id, resume).await
            }
            Ok(Permit::Act(signed, frame)) => self.act(signed, frame).await,
        }
    }

    /// `login`: of a stranger, or, renewing its ticket, of a session.
    async fn sign_in(&mut self, id: RequestId, login: Login, signed: Option<Signed>) -> Result<(), End> {
        let house = Arc::clone(&self.house);
        let now = house.clock.now();
        let verified = house.apps.get(login.sdk_app_id).and_then(|app| Ok((app, app.verify(&login, now)?)));
        let (app, expires_at) = match verified {
            Ok(verified) => verified,
            Err(refusal) => return self.failed(id, refusal).await,
        };
        if let Err(refusal) = house.guards.request(app.id, &login.user_id, self.from, now) {
            house.metrics.signed_in(Some(refusal.code));
            self.refuse(Some(id), refusal).await;
            return Ok(());
        }
        let link = Arc::clone(&self.link);
        let message = match signed {
            Some(signed) => ToShard::Renew { link, id, session: signed.session, expires_at },
            None => {
                self.link.signing_in(app.id);
                let at = DeviceKey { user: login.user_id, device: login.device_id };
                ToShard::SignIn { link, id, at, media: login.media, expires_at }
            }
        };
        app.shard.send(message).await.map_err(|_| End::BROKEN)
    }

    async fn resume(&mut self, id: RequestId, resume: Resume) -> Result<(), End> {
        let house = Arc::clone(&self.house);
        let app = match house.apps.get(resume.sdk_app_id) {
            Ok(app) => app,
            Err(refusal) => return self.failed(id, refusal).await,
        };
        if !house.tokens.is(app.id, resume.session_id, &resume.resume_token) {
            let refusal = Refusal::new(Code::SigWrong, "the resume token is not this session's");
            return self.failed(id, refusal).await;
        }
        self.link.signing_in(app.id);
        let (link, from) = (Arc::clone(&self.link), self.from);
        let message = ToShard::Resume { link, id, from, session: resume.session_id, last_seq: resume.last_seq };
        app.shard.send(message).await.map_err(|_| End::BROKEN)
    }

    /// Answers a sign-in that failed; slower, if there were too many.
    async fn failed(&mut self, id: RequestId, refusal: Refusal) -> Result<(), End> {
        let slowed = self.house.guards.failed(self.from, self.house.clock.now());
        let refusal = if slowed { Code::TooManyFailures.into() } else { refusal };
        self.house.metrics.signed_in(Some(refusal.code));
        if slowed {
            tokio::time::sleep(SLOWED).await;
        }
        self.refuse(Some(id), refusal).await;
        if slowed && self.link.signed().is_none() { Err(End::TOO_MANY_FAILURES) } else { Ok(()) }
    }

    /// What a session wants.
    async fn act(&mut self, signed: Signed, frame: Incoming) -> Result<(), End> {
        let house = Arc::clone(&self.house);
        // An app that somebody is signed in to is there.
        let Ok(app) = house.apps.get(signed.app) else { return Err(End::BROKEN) };
        let (id, request) = match frame {
            Incoming::Ack(seq) => {
                let message = ToShard::Ack { session: signed.session, seq };
                return app.shard.send(message).await.map_err(|_| End::BROKEN);
            }
            Incoming::Request(id, request) => (id, request),
        };
        if request == Request::Ping {
            self.answer(id, &Ok(serde_json::json!({}))).await;
            return Ok(());
        }
        if let Err(refusal) = house.guards.request(app.id, &signed.at.user, self.from, house.clock.now()) {
            self.refuse(Some(id), refusal).await;
            return Ok(());
        }
        let (link, session, since) = (Arc::clone(&self.link), signed.session, Instant::now());
        let message = match request {
            Request::Act(act) => ToShard::Request { link, session, id, act, since },
            Request::MediaAnswer { call_id, offer_id, sdp } => {
                ToShard::MediaAnswer { link, at: signed.at, id, call: call_id, offer_id, sdp }
            }
            Request::MediaRestart { call_id } => ToShard::MediaRestart { link, at: signed.at, id, call: call_id },
            Request::QueryRecentCalls { before, limit } => {
                let found = recent_calls(app, signed.at, before, limit).await?;
                if let Err(refusal) = &found {
                    self.house.metrics.refused(refusal.code);
                }
                self.answer(id, &found).await;
                return Ok(());
            }
            // Settled above, and by `authorise`.
            Request::Ping | Request::Login(_) | Request::Resume(_) => return Ok(()),
        };
        app.shard.send(message).await.map_err(|_| End::BROKEN)
    }

    async fn refuse(&self, id: Option<RequestId>, refusal: Refusal) {
        self.house.metrics.refused(refusal.code);
        self.link.send_in_turn(reply_frame(id, &Err(refusal))).await;
    }

    async fn answer(&self, id: RequestId, outcome: &Outcome) {
        self.link.send_in_turn(reply_frame(Some(id), outcome)).await;
    }

    /// Counts a frame; whether it is within what a connection may send.
    fn within(&mut self) -> Result<bool, End> {
        let now = Instant::now();
        let since_s = now.duration_since(self.budget_at).as_secs_f64();
        self.budget = (self.budget + since_s * FRAMES_PER_S).min(FRAMES_BURST);
        self.budget_at = now;
        if self.budget >= 1.0 {
            self.budget -= 1.0;
            return Ok(true);
        }
        self.excess += 1;
        if self.excess > FRAMES_EXCESS { Err(End::FLOODING) } else { Ok(false) }
    }

    /// Counts what comes before a sign-in.
    fn stranger(&mut self) -> Result<(), End> {
        if self.link.signed().is_some() {
            return Ok(());
        }
        self.as_stranger += 1;
        if self.as_stranger > STRANGER_FRAMES { Err(End::SIGN_IN_FIRST) } else { Ok(()) }
    }
}

/// A user's own calls, as its device sees them. Read off the shard's thread; the shard is asked first, so that a call is
/// there whose end the device has been told of.
async fn recent_calls(app: &App, at: DeviceKey, before: Option<CallId>, limit: usize) -> Result<Outcome, End> {
    let asker = at.clone();
    let may = app.shard.ask(move |exchange| exchange.switchboard().may_look(&asker)).await.map_err(|_| End::BROKEN)?;
    if let Err(code) = may {
        return Ok(Err(code.into()));
    }
    let found = app.records.recent(at.user, at.device, before, limit).await;
    Ok(match found {
        Ok(page) => Ok(serde_json::json!({ "calls": page.found, "more": page.more })),
        Err(error) => {
            tracing::error!(app = app.id.0, %error, "recent calls");
            Err(Refusal::new(Code::NoMediaWorker, "the calls can't be read at present"))
        }
    })
}
