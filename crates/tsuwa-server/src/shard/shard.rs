//! One app's shard.

use super::links::{Links, Pending};
use super::offers::Offers;
use super::setup::Setup;
use super::{Gauges, ToShard};
use crate::clock::Clock;
use crate::gateway::{End, Guards, Link};
use crate::media::{MediaOut, MediaPool};
use crate::metrics::Metrics;
use crate::token::ResumeTokens;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tokio::sync::oneshot;
use tsuwa_call::{AdminAct, DeviceKey, MediaReport, Reply};
use tsuwa_exchange::{Entry, Exchange, Input, Log, LogError};
use tsuwa_proto::{AppId, CallId, Code, Quality, Refusal, RequestId, SessionId, Signal, reply_frame, signal_frame};

/// What a shard is made of.
pub(crate) struct ShardParts {
    pub(crate) exchange: Exchange,
    pub(crate) log: Box<dyn Log + Send>,
    pub(crate) clock: Clock,
    pub(crate) media: Arc<MediaPool>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) guards: Arc<Guards>,
    pub(crate) tokens: Arc<ResumeTokens>,
    /// The configuration's acts: policy, users, blocklists.
    pub(crate) first: Vec<AdminAct>,
}

/// One app's single writer.
pub(crate) struct Shard {
    pub(super) app: AppId,
    pub(super) exchange: Exchange,
    log: Box<dyn Log + Send>,
    clock: Clock,
    pub(super) media: Arc<MediaPool>,
    pub(super) metrics: Arc<Metrics>,
    guards: Arc<Guards>,
    pub(super) tokens: Arc<ResumeTokens>,
    pub(super) links: Links,
    pub(super) offers: Offers,
    pub(super) setup: Setup,
    pub(super) admins: BTreeMap<u64, oneshot::Sender<Result<Reply, Refusal>>>,
    queue: Vec<Todo>,
    gauges: Arc<Gauges>,
}

/// What is to be done in this turn, in order.
enum Todo {
    /// An input of the log; of a request, when it was read.
    Input(Input, Option<Instant>),
    /// Nothing for the log, but to be done after what came before it.
    Aside(ToShard),
}

impl Shard {
    pub(crate) fn new(parts: ShardParts, gauges: Arc<Gauges>) -> Self {
        let mut shard = Self {
            app: parts.exchange.app(),
            exchange: parts.exchange,
            log: parts.log,
            clock: parts.clock,
            media: parts.media,
            metrics: parts.metrics,
            guards: parts.guards,
            tokens: parts.tokens,
            links: Links::default(),
            offers: Offers::default(),
            setup: Setup::default(),
            admins: BTreeMap::new(),
            queue: Vec::new(),
            gauges,
        };
        shard.input(Input::Started);
        for act in parts.first {
            // Nobody waits for the answer.
            let origin = shard.links.origin();
            shard.input(Input::Admin { origin, act });
        }
        shard.gauges.alive.store(true, Ordering::Relaxed);
        shard
    }

    pub(super) fn input(&mut self, input: Input) {
        self.queue.push(Todo::Input(input, None));
    }

    /// When a turn is due without a message.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.exchange.deadline().map(|at| self.clock.instant(at))
    }

    /// Takes a message into the next turn.
    pub(super) fn take(&mut self, message: ToShard) {
        let (input, since) = match message {
            ToShard::SignIn { link, id, at, media, expires_at } => {
                let origin = self.links.wait(Pending { link, id, renews: false });
                (Input::SignIn { origin, at, media, expires_at }, None)
            }
            ToShard::Renew { link, id, session, expires_at } => {
                let origin = self.links.wait(Pending { link, id, renews: true });
                (Input::Renew { origin, session, expires_at }, None)
            }
            ToShard::Request { link, session, id, act, since } if self.links.is_present(session, link.id) => {
                (Input::Request { session, id, act }, Some(since))
            }
            ToShard::Ack { session, seq } => (Input::Ack { session, seq }, None),
            ToShard::Socket { link, session, up } if self.links.is_present(session, link) => {
                (Input::Socket { session, up }, None)
            }
            ToShard::Media(MediaOut::Report(report)) => {
                if let MediaReport::Flowing { call, .. } = &report {
                    self.setup.flowing(*call, &self.metrics);
                }
                (Input::Media(report), None)
            }
            ToShard::Capacity { open } => (Input::Capacity { open }, None),
            ToShard::Admin { act, answer } => {
                let origin = self.links.origin();
                self.admins.insert(origin, answer);
                (Input::Admin { origin, act }, None)
            }
            ToShard::Left { link } => match self.links.left(link) {
                Some(session) => (Input::Socket { session, up: false }, None),
                None => return,
            },
            ToShard::Resume { link, id, from, session, last_seq } => {
                let user = self.exchange.device_of(session).map(|at| &at.user);
                let now = self.clock.now();
                if let Some(Err(refusal)) = user.map(|user| self.guards.request(self.app, user, from, now)) {
                    self.sign_in_refused(&link, id, refusal);
                    return;
                }
                if let Some(before) = self.links.part(session) {
                    before.end(End::RESUMED);
                }
                let origin = self.links.wait(Pending { link, id, renews: false });
                (Input::Resume { origin, session, last_seq }, None)
            }
            // A connection that is no longer its session's has no say.
            ToShard::Request { link, id, .. } => {
                link.send(reply_frame(Some(id), &Err(Code::NotSignedIn.into())), None);
                return;
            }
            ToShard::Socket { .. } => return,
            ToShard::Media(_) | ToShard::MediaAnswer { .. } | ToShard::MediaRestart { .. } | ToShard::Ask(_) => {
                self.queue.push(Todo::Aside(message));
                return;
            }
        };
        self.queue.push(Todo::Input(input, since));
    }

    /// Does what is to be done: appends all inputs as one group, then commits them one by one with their effects.
    pub(super) fn turn(&mut self) -> Result<(), LogError> {
        let now = self.clock.now();
        if self.exchange.deadline().is_some_and(|due| due <= now) {
            self.queue.insert(0, Todo::Input(Input::Tick, None));
        }
        // Effects may bring more to do.
        while !self.queue.is_empty() {
            let todo = std::mem::take(&mut self.queue);
            self.group(todo)?;
        }
        self.gauges.live_calls.store(self.exchange.switchboard().calls(), Ordering::Relaxed);
        self.metrics.sessions(self.app, self.exchange.sessions());
        Ok(())
    }

    fn group(&mut self, todo: Vec<Todo>) -> Result<(), LogError> {
        let now = self.clock.now();
        let mut entries: Vec<Entry> = Vec::with_capacity(todo.len());
        let mut order = Vec::with_capacity(todo.len());
        for each in todo {
            order.push(match each {
                Todo::Input(input, since) => {
                    entries.push(self.exchange.propose(now, input));
                    Ok(since)
                }
                Todo::Aside(message) => Err(message),
            });
        }
        if !entries.is_empty() {
            let before = Instant::now();
            self.log.append(&entries)?;
            self.metrics.append.observe(before.elapsed().as_secs_f64());
        }
        let mut entries = entries.into_iter();
        for each in order {
            match each {
                Ok(since) => {
                    // One entry was proposed for each input.
                    let Some(entry) = entries.next() else { unreachable!() };
                    self.exchange.committed(&entry);
                    while let Some(effect) = self.exchange.poll_effect() {
                        self.carry_out(&entry, since, effect.what);
                    }
                }
                Err(message) => self.aside(message),
            }
        }
        Ok(())
    }

    fn aside(&mut self, message: ToShard) {
        match message {
            ToShard::Ask(look) => look(&self.exchange),
            ToShard::MediaAnswer { link, at, id, call, offer_id, sdp } => {
                if self.media_reply(&link, &at, id, call) {
                    self.offers.answered(&at, call, offer_id);
                    self.media.answer(self.app, call, at, offer_id, sdp);
                }
            }
            ToShard::MediaRestart { link, at, id, call } => {
                if self.media_reply(&link, &at, id, call) {
                    self.media.restart(self.app, call, at);
                }
            }
            ToShard::Media(MediaOut::Offer { to, offer }) => {
                if let Signal::MediaOffer { call_id, offer_id, .. } = &offer {
                    self.offers.offered(&to, *call_id, *offer_id);
                }
                self.signal(&to, &offer);
            }
            ToShard::Media(MediaOut::Quality { to, signal }) => self.signal(&to, &self.weighed(signal)),
            ToShard::Media(MediaOut::AnswerRefused { call, reason, .. }) => {
                tracing::debug!(%call, reason, "an SDP answer was no good");
            }
            // Every other message is an input.
            _ => unreachable!("an input was taken for something else"),
        }
    }

    /// Answers a media request; whether it is to be done, because the device is in this call or it rings there.
    fn media_reply(&self, link: &Link, at: &DeviceKey, id: RequestId, call: CallId) -> bool {
        let concerned = self.exchange.switchboard().call_of(at).is_some_and(|state| state.call_id == call);
        let outcome = if concerned { Ok(serde_json::json!({})) } else { Err(Code::InvitationOver.into()) };
        link.send(reply_frame(Some(id), &outcome), None);
        concerned
    }

    /// A room knows of media only: who is lost stays down, though packets of it were still fine a moment ago.
    fn weighed(&self, mut signal: Signal) -> Signal {
        if let Signal::OnNetworkQuality { call_id, user_id, quality } = &mut signal
            && self.exchange.switchboard().is_lost(*call_id, user_id)
        {
            *quality = Quality::Down;
        }
        signal
    }

    fn signal(&self, to: &DeviceKey, signal: &Signal) {
        if let Some(link) = self.exchange.session_of(to).and_then(|session| self.links.of(session)) {
            link.send(signal_frame(signal), None);
        }
    }

    /// The session's connection, if it has one at present.
    pub(super) fn link(&self, session: SessionId) -> Option<&Arc<Link>> {
        self.links.of(session)
    }

    pub(super) fn sign_in_refused(&self, link: &Link, id: RequestId, refusal: Refusal) {
        self.metrics.signed_in(Some(refusal.code));
        link.sign_in_failed();
        link.send(reply_frame(Some(id), &Err(refusal)), None);
    }
}

impl Drop for Shard {
    fn drop(&mut self) {
        self.gauges.alive.store(false, Ordering::Relaxed);
    }
}
