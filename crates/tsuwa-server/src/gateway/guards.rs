//! What the network may ask for, and how often.

use super::buckets::Buckets;
use crate::config::Limits;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    strangers: Arc<Strangers>,
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
            strangers: Arc::new(Strangers {
                most: limits.strangers,
                most_each: limits.strangers_per_address,
                seated: Mutex::default(),
            }),
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

    /// Seats for a new socket, which has not signed in: one among all, and one among the strangers.
    pub(crate) fn admit(&self, from: IpAddr) -> Option<(Seat, StrangersSeat)> {
        Some((self.sockets.take()?, self.strangers.take(network(from))?))
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

/// Seats for those who have not signed in: bounded for each address too, so that one can't keep all others out.
#[derive(Debug)]
struct Strangers {
    most: usize,
    most_each: usize,
    seated: Mutex<Seated>,
}

#[derive(Debug, Default)]
struct Seated {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

impl Strangers {
    fn take(self: &Arc<Self>, network: IpAddr) -> Option<StrangersSeat> {
        let mut seated = self.lock();
        let here = seated.by_network.get(&network).copied().unwrap_or_default();
        if seated.all >= self.most || here >= self.most_each {
            return None;
        }
        seated.all += 1;
        seated.by_network.insert(network, here + 1);
        Some(StrangersSeat { strangers: Arc::clone(self), network })
    }

    fn lock(&self) -> MutexGuard<'_, Seated> {
        // Nothing in here panics half-way through a change.
        self.seated.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stranger's seat, until it is dropped.
#[derive(Debug)]
pub(crate) struct StrangersSeat {
    strangers: Arc<Strangers>,
    network: IpAddr,
}

impl Drop for StrangersSeat {
    fn drop(&mut self) {
        let mut seated = self.strangers.lock();
        seated.all -= 1;
        if let Some(here) = seated.by_network.get_mut(&self.network) {
            *here -= 1;
            if *here == 0 {
                seated.by_network.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guards(change: impl FnOnce(&mut Limits)) -> Guards {
        let mut limits = Limits::default();
        change(&mut limits);
        Guards::new(&limits)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_leaves_seats_to_others() {
        let guards = guards(|limits| (limits.strangers, limits.strangers_per_address) = (5, 3));
        let seats: Vec<_> = (0..9).filter_map(|_| guards.admit(ip("192.0.2.1"))).collect();
        assert_eq!(seats.len(), 3);
        let others: Vec<_> = (0..9).filter_map(|n| guards.admit(ip(&format!("192.0.2.{}", n + 2)))).collect();
        assert_eq!(others.len(), 2);
        drop(seats);
        assert!(guards.admit(ip("192.0.2.1")).is_some());
    }

    #[test]
    fn an_ipv6_host_is_one_address_however_many_it_has() {
        let guards = guards(|limits| limits.strangers_per_address = 1);
        let _seat = guards.admit(ip("2001:db8::1")).expect("a seat");
        assert!(guards.admit(ip("2001:db8::ffff")).is_none());
        assert!(guards.admit(ip("2001:db8:0:1::1")).is_some());
        let _seat = guards.admit(ip("192.0.2.1")).expect("a seat");
        assert!(guards.admit(ip("::ffff:192.0.2.1")).is_none());
    }

    #[test]
    fn one_address_of_a_user_leaves_requests_to_the_others() {
        let guards = guards(|limits| limits.requests_per_s = 10);
        let (app, user): (AppId, UserId) = (AppId(1), "alice".parse().expect("an id"));
        let take = |from: &str| (0..1000).filter(|_| guards.request(app, &user, ip(from), Millis(0)).is_ok()).count();
        assert_eq!([take("192.0.2.1"), take("192.0.2.2"), take("192.0.2.3"), take("192.0.2.4")], [40, 40, 40, 0]);
        let bob = "bob".parse().expect("an id");
        assert!(guards.request(app, &bob, ip("192.0.2.1"), Millis(0)).is_ok());
    }
}
