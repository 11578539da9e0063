//! A shard is an app's single writer: it drives the exchange, appends to the log, and lets the effects out.
//!
//! Shards are logical. They are spread over a fixed number of threads; a shard is always on the same one, so nothing in
//! it is locked.

mod configured;
mod effects;
mod links;
mod offers;
mod records;
mod recovery;
mod setup;
#[allow(clippy::module_inception)]
mod shard;
mod thread;

pub(crate) use recovery::Recovered;
pub(crate) use shard::{Shard, ShardParts};
pub(crate) use thread::ShardThreads;

use crate::gateway::Link;
use crate::media::MediaOut;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};
use tsuwa_call::{AdminAct, DeviceKey, Reply};
use tsuwa_exchange::Exchange;
use tsuwa_proto::{Act, AppId, CallId, EventSeq, MediaMode, Millis, Refusal, RequestId, SessionId};

/// What a shard is told.
pub(crate) enum ToShard {
    /// A ticket was verified on a new connection.
    SignIn { link: Arc<Link>, id: RequestId, at: DeviceKey, media: MediaMode, expires_at: Millis },
    /// A ticket was verified on a session's connection.
    Renew { link: Arc<Link>, id: RequestId, session: SessionId, expires_at: Millis },
    /// A resume token was verified on a new connection.
    Resume { link: Arc<Link>, id: RequestId, from: IpAddr, session: SessionId, last_seq: EventSeq },
    /// A request that the switchboard decides, read at `since`.
    Request { link: Arc<Link>, session: SessionId, id: RequestId, act: Act, since: Instant },
    /// A session's device has seen its events up to this one.
    Ack { session: SessionId, seq: EventSeq },
    /// A connection's device is silent, or is heard again.
    Socket { link: u64, session: SessionId, up: bool },
    /// A connection is over.
    Left { link: u64 },
    /// An SDP answer.
    MediaAnswer { link: Arc<Link>, at: DeviceKey, id: RequestId, call: CallId, offer_id: u64, sdp: String },
    /// The device's network changed.
    MediaRestart { link: Arc<Link>, at: DeviceKey, id: RequestId, call: CallId },
    /// What the media workers say.
    Media(MediaOut),
    /// Whether a media worker can take a call.
    Capacity { open: bool },
    /// A webhook was taken, or given up.
    HookDone { call: CallId, number: u64, taken: bool },
    /// An administrator's act.
    Admin { act: AdminAct, answer: oneshot::Sender<Result<Reply, Refusal>> },
    /// A look at the state.
    Ask(Box<dyn FnOnce(&Exchange) + Send>),
}

/// The shard is no more: it failed, or the server is at its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ShardGone;

/// The way to a shard.
#[derive(Clone, Debug)]
pub(crate) struct ShardHandle {
    app: AppId,
    inbox: mpsc::Sender<(AppId, ToShard)>,
    gauges: Arc<Gauges>,
}

/// What a shard shows of itself.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    live_calls: AtomicUsize,
    alive: AtomicBool,
}

impl ShardHandle {
    /// Waits for room: who sends more than the shard can do is read more slowly.
    pub(crate) async fn send(&self, message: ToShard) -> Result<(), ShardGone> {
        self.inbox.send((self.app, message)).await.map_err(|_| ShardGone)
    }

    /// An administrator's act, and how it ended.
    pub(crate) async fn act(&self, act: AdminAct) -> Result<Result<Reply, Refusal>, ShardGone> {
        let (answer, answered) = oneshot::channel();
        self.send(ToShard::Admin { act, answer }).await?;
        answered.await.map_err(|_| ShardGone)
    }

    /// What `look` sees.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Exchange) -> T + Send + 'static,
    ) -> Result<T, ShardGone> {
        let (answer, answered) = oneshot::channel();
        let look = move |exchange: &Exchange| {
            // Who asked may have gone.
            let _ = answer.send(look(exchange));
        };
        self.send(ToShard::Ask(Box::new(look))).await?;
        answered.await.map_err(|_| ShardGone)
    }

    pub(crate) fn live_calls(&self) -> usize {
        self.gauges.live_calls.load(Ordering::Relaxed)
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.gauges.alive.load(Ordering::Relaxed)
    }
}
