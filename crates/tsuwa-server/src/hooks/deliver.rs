//! The task that posts an app's webhooks.

use super::client::{Client, Failure};
use super::letter::Letter;
use super::queue::{GIVEN_UP_AFTER, Next, Parcel, Queue};
use crate::clock::Clock;
use crate::house::Phase;
use crate::metrics::Metrics;
use crate::shard::{ShardHandle, ToShard};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep_until;
use tsuwa_proto::{AppId, Hook, Millis};

/// Most webhooks of an app on their way at once: enough for a thousand a second at a receiver that takes 16 ms, and no
/// burden for a small one.
pub(super) const AT_ONCE: usize = 16;
/// At the server's end those on their way have so long to get there; the others wait for the next start.
const GOODBYE: Duration = Duration::from_secs(2);
/// A receiver in trouble is told of so often.
const WARN_EVERY_MS: u64 = 60_000;

/// What the task works with.
pub(super) struct Office {
    pub(super) app: AppId,
    pub(super) client: Client,
    pub(super) clock: Clock,
    pub(super) shard: ShardHandle,
    pub(super) metrics: Arc<Metrics>,
    pub(super) phase: watch::Receiver<Phase>,
    /// When the operator was last told that the receiver is in trouble.
    pub(super) warned: Option<Millis>,
    /// Whether the operator still believes so.
    pub(super) in_trouble: bool,
}

type Attempt = (Parcel, Result<(), Failure>);

impl Office {
    /// Posts webhooks until the server is at its end.
    pub(super) async fn deliver(mut self, mut hooks: mpsc::UnboundedReceiver<Hook>) {
        let mut queue = Queue::new(self.clock.now());
        let mut flying: JoinSet<Attempt> = JoinSet::new();
        let mut until: Option<Instant> = None;
        loop {
            if until.is_none() && *self.phase.borrow_and_update() == Phase::Closing {
                until = Some(Instant::now() + GOODBYE);
            }
            self.begin(&mut queue, &mut flying, until.is_some());
            let at_rest = flying.is_empty() && !queue.has_fresh(self.clock.now()) && hooks.is_empty();
            if until.is_some_and(|until| at_rest || Instant::now() >= until) {
                return;
            }
            let full = flying.len() >= AT_ONCE;
            let wakes_at = queue.wakes_at().filter(|_| !full && until.is_none());
            let wakes_at = wakes_at.map(|at| self.clock.instant(at));
            // Without either the arm below is off, so any moment will do.
            let wake = until.or(wakes_at).unwrap_or_else(Instant::now);
            tokio::select! {
                hook = hooks.recv() => match hook {
                    Some(hook) => queue.push(self.parcel(&hook)),
                    // The shard is no more.
                    None => return,
                },
                Some(ended) = flying.join_next() => {
                    // An attempt neither panics nor is it aborted before this loop ends.
                    if let Ok(attempt) = ended && self.ended(&mut queue, attempt).await.is_err() {
                        return;
                    }
                }
                () = sleep_until(wake.into()), if until.is_some() || wakes_at.is_some() => {}
                _ = self.phase.changed(), if until.is_none() => {}
            }
        }
    }

    fn parcel(&mut self, hook: &Hook) -> Parcel {
        // The log's time may be ahead of the machine's; then what waits would never grow old.
        self.clock = self.clock.not_before(hook.at);
        let letter = Letter::new(self.app, hook);
        Parcel { call: hook.call_id, number: hook.number, at: hook.at, letter, failed: 0, begun: hook.at }
    }

    /// Lets what is due fly, as far as there is room; at the server's end what was not tried yet only.
    fn begin(&self, queue: &mut Queue, flying: &mut JoinSet<Attempt>, fresh_only: bool) {
        let now = self.clock.now();
        while flying.len() < AT_ONCE && (!fresh_only || queue.has_fresh(now)) {
            let Some(parcel) = queue.pop(now) else { return };
            let client = self.client.clone();
            flying.spawn(async move {
                let posted = client.post(&parcel.letter).await;
                (parcel, posted)
            });
        }
    }

    /// An attempt is over.
    async fn ended(&mut self, queue: &mut Queue, (parcel, posted): Attempt) -> Result<(), crate::shard::ShardGone> {
        let now = self.clock.now();
        let (app, call, number) = (self.app, parcel.call, parcel.number);
        let taken = match posted {
            Ok(()) => {
                queue.taken(now, random);
                if std::mem::take(&mut self.in_trouble) {
                    tracing::info!(app = app.0, waiting = queue.len(), "webhooks are taken again");
                }
                self.metrics.hook_delivered(app);
                true
            }
            Err(failure) => {
                self.metrics.hook_failed(app);
                let failed = parcel.failed + 1;
                match queue.failed(now, parcel, failure.pause(), random()) {
                    Next::Again(wait) => {
                        let wait_ms = wait.as_millis();
                        tracing::debug!(app = app.0, %call, number, failed, %failure, wait_ms, "a webhook was not taken");
                        if self.warned.is_none_or(|warned| now.since(warned) >= WARN_EVERY_MS) {
                            self.warned = Some(now);
                            self.in_trouble = true;
                            tracing::warn!(app = app.0, waiting = queue.len(), %failure, "webhooks are not taken");
                        }
                        return Ok(());
                    }
                    Next::GivenUp => {
                        let hours = GIVEN_UP_AFTER.as_secs() / 3600;
                        tracing::error!(app = app.0, %call, number, %failure, hours, "a webhook was given up");
                        self.metrics.hooks_given_up(app, 1);
                        false
                    }
                }
            }
        };
        self.shard.send(ToShard::HookDone { call, number, taken }).await
    }
}

/// Some number; where there are none, each wait is as long as it can be.
fn random() -> u32 {
    getrandom::u32().unwrap_or_default()
}
