//! One app's shard.

use super::links::{Links, Pending};
use super::offers::Offers;
use super::records::Retention;
use super::setup::Setup;
use super::{Gauges, Recovered, ToShard};
use crate::clock::Clock;
use crate::gateway::{End, Guards, Link};
use crate::hooks::Hooks;
use crate::media::{MediaOut, MediaPool};
use crate::metrics::Metrics;
use crate::store::{Store, StoreError};
use crate::token::ResumeTokens;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tsuwa_call::{DeviceKey, MediaReport, Reply};
use tsuwa_exchange::{Entry, Exchange, Input, Log, LogError};
use tsuwa_proto::{
    AppId, CallId, CallRecord, Code, Quality, Refusal, RequestId, SessionId, Signal, reply_frame, signal_frame,
};

/// So many entries, and two for each session and each webhook that waits, make a snapshot due: what is replayed at a start
/// stays short, and the writing of snapshots a small part of the work, also while a receiver is away.
const SNAPSHOT_AFTER: u64 = 10_000;

/// What a shard is made of.
pub(crate) struct ShardParts {
    pub(crate) recovered: Recovered,
    pub(crate) clock: Clock,
    pub(crate) media: Arc<MediaPool>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) guards: Arc<Guards>,
    pub(crate) tokens: Arc<ResumeTokens>,
    /// The app's webhooks, if it has any.
    pub(crate) hooks: Option<Hooks>,
    /// How long records are kept; for ever, if nothing is said.
    pub(crate) records_kept: Option<Duration>,
}

/// One app's single writer.
pub(crate) struct Shard {
    pub(super) app: AppId,
    pub(super) exchange: Exchange,
    pub(super) log: Store,
    /// How many entries there are behind the snapshot.
    grown: u64,
    /// What is to be remembered as applied of the configuration, when the first turn is done.
    configured: Option<String>,
    pub(super) clock: Clock,
    pub(super) media: Arc<MediaPool>,
    pub(super) metrics: Arc<Metrics>,
    guards: Arc<Guards>,
    pub(super) tokens: Arc<ResumeTokens>,
    pub(super) hooks: Option<Hooks>,
    /// Of calls that ended in this turn; to be written when it is done.
    pub(super) records: Vec<CallRecord>,
    pub(super) retention: Retention,
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
        let Recovered { exchange, log, grown, first, configured } = parts.recovered;
        let mut shard = Self {
            app: exchange.app(),
            // Where the machine's clock is behind the log's, time would stand still until that has caught up.
            clock: parts.clock.not_before(exchange.moment()),
            exchange,
            log,
            grown,
            configured,
            media: parts.media,
            metrics: parts.metrics,
            guards: parts.guards,
            tokens: parts.tokens,
            hooks: parts.hooks,
            records: Vec::new(),
            retention: Retention::new(parts.records_kept),
            links: Links::default(),
            offers: Offers::default(),
            setup: Setup::default(),
            admins: BTreeMap::new(),
            queue: Vec::new(),
            gauges,
        };
        shard.setup.recovered(shard.app, &shard.exchange.switchboard().live_calls(), &shard.metrics);
        shard.input(Input::Started);
        let hooks = shard.hooks.is_some();
        shard.input(Input::Settings { hooks });
        let unwanted = shard.exchange.waiting_hooks();
        if !hooks && unwanted > 0 {
            let app = shard.app.0;
            tracing::warn!(app, unwanted, "there is no webhook_url any more: the webhooks that wait are forgotten");
            shard.metrics.hooks_given_up(shard.app, unwanted);
        }
        for act in first {
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

    /// The session has a new connection: that an earlier one of the same turn is gone says nothing any more.
    pub(super) fn is_back(&mut self, back: SessionId) {
        let stale =
            |todo: &Todo| matches!(todo, Todo::Input(Input::Socket { session, up: false }, _) if *session == back);
        self.queue.retain(|todo| !stale(todo));
    }

    /// When a turn is due without a message.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let due = self.exchange.deadline().into_iter().chain(self.retention.due()).min();
        due.map(|at| self.clock.instant(at))
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
            ToShard::HookDone { call, number, taken } => (Input::HookDone { call, number, taken }, None),
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
        // What was due while no server ran is due after the start only: that begins the graces anew.
        let starts = matches!(self.queue.first(), Some(Todo::Input(Input::Started, _)));
        if !starts && self.exchange.deadline().is_some_and(|due| due <= now) {
            self.queue.insert(0, Todo::Input(Input::Tick, None));
        }
        // Effects may bring more to do.
        while !self.queue.is_empty() {
            let todo = std::mem::take(&mut self.queue);
            self.group(todo)?;
        }
        if let Some(configured) = self.configured.take() {
            self.log.set_configured(&configured)?;
        }
        let kept = self.exchange.sessions() + self.exchange.waiting_hooks();
        if self.grown >= SNAPSHOT_AFTER + 2 * kept as u64 {
            self.snapshot()?;
        }
        self.prune_records()?;
        self.gauges.live_calls.store(self.exchange.switchboard().calls(), Ordering::Relaxed);
        self.metrics.sessions(self.app, self.exchange.sessions());
        self.metrics.log_entries(self.app, self.grown);
        self.metrics.hooks_waiting(self.app, self.exchange.waiting_hooks());
        Ok(())
    }

    /// Keeps all that the exchange is; the log behind it begins anew.
    fn snapshot(&mut self) -> Result<(), LogError> {
        let before = Instant::now();
        self.log.keep(&self.exchange.snapshot())?;
        self.grown = 0;
        self.metrics.snapshot.observe(before.elapsed().as_secs_f64());
        Ok(())
    }

    /// A clean end: whoever starts next, be it another version, finds a snapshot and nothing behind it.
    pub(super) fn close(&mut self) -> Result<(), LogError> {
        if self.grown == 0 { Ok(()) } else { self.snapshot() }
    }

    /// What an operator is told of its log.
    pub(super) fn failed(&self, why: LogError) -> StoreError {
        StoreError::new(self.log.path(), why)
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
            self.grown += entries.len() as u64;
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
                Err(message) => {
                    if matches!(message, ToShard::Ask(_)) {
                        // Who asks after the end of a call finds its record.
                        self.keep_records()?;
                    }
                    self.aside(message);
                }
            }
        }
        self.keep_records()
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
        // A shutdown does not wait for calls that nobody can end.
        self.gauges.live_calls.store(0, Ordering::Relaxed);
    }
}
