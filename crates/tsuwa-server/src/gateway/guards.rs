//! What the network may ask for, and how often.

use super::buckets::Buckets;
use crate::config::Limits;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tsuwa_proto::{AppId, Code, Millis, Refusal, UserId};

/// How many seconds' worth of requests may come at once.
const BURST_S: f64 = 4.0;
/// All addresses of a user together may ask for this many times what one of them may: one that is out of hand leaves
/// something to the others.
const ADDRESSES: f64 = 3.0;
/// Most users, and addresses, whose rates are remembered at once; about 100 bytes each.
const KEPT: usize = 65_536;

/// The server's bounds, shared by all connections.
#[derive(Debug)]
pub(crate) struct Guards {
    users: Buckets<(AppId, UserId)>,
    addressed_users: Buckets<(AppId, UserId, IpAddr)>,
    failures: Buckets<IpAddr>,
    sockets: Seats,
    strangers: Seats,
}

impl Guards {
    pub(crate) fn new(limits: &Limits) -> Self {
        let per_s = f64::from(limits.requests_per_s);
        let failed = f64::from(limits.failed_sign_ins_per_min);
        Self {
            users: Buckets::new(per_s * ADDRESSES, per_s * ADDRESSES * BURST_S, KEPT),
            addressed_users: Buckets::new(per_s, per_s * BURST_S, KEPT),
            failures: Buckets::new(failed / 60.0, failed, KEPT),
            sockets: Seats::new(limits.sockets),
            strangers: Seats::new(limits.strangers),
        }
    }

    /// A request of a user whose ticket was verified. What comes from one address too often does not count for the
    /// user's other addresses.
    pub(crate) fn request(&self, app: AppId, user: &UserId, from: IpAddr, now: Millis) -> Result<(), Refusal> {
        let within = self.addressed_users.take((app, user.clone(), network(from)), now)
            && self.users.take((app, user.clone()), now);
        if within { Ok(()) } else { Err(Code::RateLimited.into()) }
    }

    /// A sign-in, or a credential, was refused; `true` if there were so many from this address that the next are to be
    /// slowed. What is valid is never asked for here, so it always passes.
    pub(crate) fn failed(&self, from: IpAddr, now: Millis) -> bool {
        !self.failures.take(network(from), now)
    }

    /// A seat for a new socket, which has not signed in: one among all, and one among the strangers.
    pub(crate) fn admit(&self) -> Option<(Seat, Seat)> {
        Some((self.sockets.take()?, self.strangers.take()?))
    }

    /// How many sockets there are.
    pub(crate) fn sockets(&self) -> usize {
        self.sockets.taken.load(Ordering::Relaxed)
    }
}

/// What counts as one address: IPv4's own, and the /64 that an IPv6 host usually has for itself (RFC 6177).
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// A bounded number of seats.
#[derive(Debug)]
struct Seats {
    taken: Arc<AtomicUsize>,
    most: usize,
}

impl Seats {
    fn new(most: usize) -> Self {
        Self { taken: Arc::default(), most }
    }

    fn take(&self) -> Option<Seat> {
        let more = |taken| (taken < self.most).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Seat(Arc::clone(&self.taken)))
    }
}

/// One seat, until it is dropped.
#[derive(Debug)]
pub(crate) struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
