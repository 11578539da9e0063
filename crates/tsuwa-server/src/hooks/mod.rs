//! Webhooks: what happens to an app's calls, told to a server of the app's owner (docs/webhooks.md).
//!
//! The exchange decides what is told and in which order, and keeps it in its state until it is taken: of each call it
//! lets out one webhook at a time. Here they are carried: [`Hooks`] is the shard's end, [`Delivery::run`] the task that
//! posts them and tells the shard how it went. A receiver that is slow or dead costs a shard nothing: it hands a webhook
//! over without waiting.

mod client;
mod deliver;
mod letter;
mod queue;
mod retry_after;
mod way;

pub(crate) use way::read_authorities;

use crate::clock::Clock;
use crate::config::WebhookConfig;
use crate::house::Phase;
use crate::metrics::Metrics;
use crate::shard::ShardHandle;
use client::Client;
use deliver::{AT_ONCE, Office};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tsuwa_proto::{AppId, Hook};

/// The shard's end of an app's deliveries.
#[derive(Clone, Debug)]
pub(crate) struct Hooks(mpsc::UnboundedSender<Hook>);

impl Hooks {
    /// Hands a webhook over; its end comes back as [`tsuwa_exchange::Input::HookDone`]. At the server's end nobody may be
    /// there any more: then it is still in the log, and goes out at the next start.
    pub(crate) fn send(&self, hook: Hook) {
        let _ = self.0.send(hook);
    }
}

/// An app's way to its receiver, and what waits to go there.
#[derive(Debug)]
pub(crate) struct Post {
    client: Client,
    hooks: Hooks,
    waiting: mpsc::UnboundedReceiver<Hook>,
}

impl Post {
    /// The way from a shard to a receiver. It has no bound of its own because there is one before: the exchange lets out
    /// one webhook of a call at a time, and only so many calls have any.
    ///
    /// # Errors
    /// What is wrong with the authorities' file, or with TLS on this machine.
    pub(crate) fn new(config: &WebhookConfig) -> Result<Self, String> {
        let (hooks, waiting) = mpsc::unbounded_channel();
        Ok(Self { client: Client::new(config, AT_ONCE)?, hooks: Hooks(hooks), waiting })
    }

    /// The shard's end.
    pub(crate) fn hooks(&self) -> Hooks {
        self.hooks.clone()
    }
}

/// An app's post office.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) app: AppId,
    pub(crate) post: Post,
    pub(crate) shard: ShardHandle,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
}

impl Delivery {
    /// Delivers until the shard is gone or the server is at its end; what is not delivered then is in the log.
    pub(crate) async fn run(self, phase: watch::Receiver<Phase>) {
        let Self { app, post, shard, clock, metrics } = self;
        let Post { client, hooks, waiting } = post;
        // The shard's own end is to be the last one.
        drop(hooks);
        Office { app, client, clock, shard, metrics, phase, warned: None, in_trouble: false }.deliver(waiting).await;
    }
}
