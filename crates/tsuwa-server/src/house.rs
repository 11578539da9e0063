//! What all connections share.

use crate::apps::Apps;
use crate::clock::Clock;
use crate::config::FolderLock;
use crate::gateway::Guards;
use crate::media::MediaPool;
use crate::metrics::Metrics;
use crate::store::Keeper;
use crate::token::ResumeTokens;
use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// How far a shutdown is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Phase {
    /// At work.
    Open,
    /// Nothing new is begun; calls go on.
    Draining,
    /// Everybody is sent away.
    Closing,
}

/// One server's shared parts.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) clock: Clock,
    pub(crate) guards: Arc<Guards>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) tokens: Arc<ResumeTokens>,
    pub(crate) media: Arc<MediaPool>,
    pub(crate) apps: Apps,
    /// No other server uses the data folder while this one has it.
    pub(crate) _lock: FolderLock,
    /// Looks after the logs.
    pub(crate) _keeper: Keeper,
    pub(crate) sign_in: Duration,
    pub(crate) metrics_for_all: bool,
    pub(crate) gives_tickets: bool,
    pub(crate) proxies: Vec<IpAddr>,
    pub(crate) phase: watch::Sender<Phase>,
    pub(crate) links: AtomicU64,
}

impl House {
    pub(crate) fn draining(&self) -> bool {
        *self.phase.borrow() >= Phase::Draining
    }

    pub(crate) fn closing(&self) -> bool {
        *self.phase.borrow() == Phase::Closing
    }

    /// The address that a request is from: of the connection, or, where that is a proxy of ours, what it says.
    pub(crate) fn caller(&self, from: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let from = from.ip().to_canonical();
        if !self.proxies.contains(&from) {
            return from;
        }
        // Each proxy adds the address that it sees at the end; what stands before our own proxies' is anybody's word.
        let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let named: Vec<IpAddr> =
            named.flat_map(|list| list.split(',')).map_while(|each| each.trim().parse().ok()).collect();
        let outside = named.iter().rev().map(IpAddr::to_canonical).find(|ip| !self.proxies.contains(ip));
        outside.unwrap_or(from)
    }

    /// A number that no other connection has.
    pub(crate) fn next_link(&self) -> u64 {
        self.links.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether every shard is at work.
    pub(crate) fn sound(&self) -> bool {
        self.apps.iter().all(|app| app.shard.is_alive())
    }

    /// How many calls are going on.
    pub(crate) fn live_calls(&self) -> usize {
        self.apps.iter().map(|app| app.shard.live_calls()).sum()
    }
}
