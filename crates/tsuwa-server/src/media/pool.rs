//! The workers as one thing: which call is where.

use super::orders::Order;
use super::out::{MediaOut, MediaStats};
use super::sockets::{MediaStartError, Sockets};
use super::worker::{End, Post, Worker, lock};
use mio::{Poll, Waker};
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::UnboundedSender;
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{AppId, CallId};
use tsuwa_sfu::{Certificate, LocalAddress, Proto, RoomKey, Settings};

/// Most legs of a worker: a leg of sound brings 50 packets a second, at 16 µs each 0.8 ms of a core's second, so that
/// a thousand of them leave a fifth of the core for set-ups and bursts.
const MOST_LEGS: usize = 1000;

/// A worker is filled up to so many legs before the next one gets any: a fifth of a core. Packets that meet in one
/// thread are taken, and sent, several to a system call; measured with 100 calls, one worker takes a tenth less CPU a
/// packet than two. Beyond, each call goes where the fewest legs are.
const SHARE: usize = 256;

/// Where media is carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// How many worker threads; at least one is run.
    pub workers: usize,
    /// The machine's addresses that candidates name, IPv4 and IPv6.
    pub ips: Vec<IpAddr>,
    /// The port of the first worker, UDP and TCP; worker `i` has `port + i`. 0: any free port each.
    pub port: u16,
    /// What candidates say instead, where it differs from the bound socket (a NAT's outside). With several workers,
    /// worker `i` is taken to be reached on the port `i` above.
    pub advertise: Option<SocketAddr>,
}

/// Which worker has which call, and whose legs. Commands go through here, packets don't.
#[derive(Debug, Default)]
pub(super) struct Calls {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    by_key: HashMap<RoomKey, Call>,
    /// Legs of each worker.
    legs: Vec<usize>,
}

#[derive(Debug)]
struct Call {
    worker: usize,
    legs: HashSet<DeviceKey>,
}

impl Calls {
    /// The room is gone.
    pub(super) fn forget(&self, key: RoomKey) {
        let mut table = lock(&self.table);
        if let Some(call) = table.by_key.remove(&key) {
            table.legs[call.worker] -= call.legs.len();
        }
    }

    /// All rooms of a worker that has died.
    fn forget_all(&self, worker: usize) -> Vec<RoomKey> {
        let mut table = lock(&self.table);
        let lost: Vec<RoomKey> =
            table.by_key.iter().filter(|(_, call)| call.worker == worker).map(|(key, _)| *key).collect();
        for key in &lost {
            table.by_key.remove(key);
        }
        table.legs[worker] = 0;
        lost
    }
}

#[derive(Debug)]
struct Hand {
    orders: Sender<Order>,
    waker: Arc<Waker>,
    figures: Arc<Mutex<MediaStats>>,
    thread: Option<JoinHandle<()>>,
    addresses: Vec<SocketAddr>,
}

/// All media workers.
#[derive(Debug)]
pub struct MediaPool {
    hands: Vec<Hand>,
    calls: Arc<Calls>,
    out: UnboundedSender<(AppId, MediaOut)>,
}

impl MediaPool {
    /// Binds the sockets and starts the threads. What happens goes to `out`.
    ///
    /// # Errors
    /// See [`MediaStartError`].
    pub fn start(config: MediaConfig, out: UnboundedSender<(AppId, MediaOut)>) -> Result<Self, MediaStartError> {
        let certificate = Certificate::make()
            .ok_or_else(|| MediaStartError::System("the certificate for DTLS could not be made".to_owned()))?;
        let workers = config.workers.max(1);
        let calls = Arc::new(Calls::default());
        lock(&calls.table).legs = vec![0; workers];
        let hands = (0..workers).map(|number| hire(&config, number, certificate.clone(), &calls, &out));
        let hands = hands.collect::<Result<_, _>>()?;
        Ok(Self { hands, calls, out })
    }

    /// Has the command done by the call's worker; `Open` chooses it by the legs that each has.
    /// Commands of one call are done in order.
    pub fn command(&self, app: AppId, command: MediaCommand) {
        let mut table = lock(&self.calls.table);
        let Table { by_key, legs } = &mut *table;
        let worker = match &command {
            MediaCommand::Open { call } => {
                let key = RoomKey { app, call: *call };
                let least = place(legs);
                match (by_key.get(&key).map(|call| call.worker), least) {
                    (Some(worker), _) => Some(worker),
                    (None, Some(worker)) => {
                        by_key.insert(key, Call { worker, legs: HashSet::new() });
                        Some(worker)
                    }
                    (None, None) => {
                        let report = MediaReport::PlaceFailed { call: *call };
                        let _ = self.out.send((app, MediaOut::Report(report)));
                        None
                    }
                }
            }
            MediaCommand::Leg { call, at, .. } => by_key.get_mut(&RoomKey { app, call: *call }).map(|call| {
                legs[call.worker] += usize::from(call.legs.insert(at.clone()));
                call.worker
            }),
            MediaCommand::Drop { call, at } => by_key.get_mut(&RoomKey { app, call: *call }).map(|call| {
                legs[call.worker] -= usize::from(call.legs.remove(at));
                call.worker
            }),
            MediaCommand::Admit { call, .. } | MediaCommand::Mute { call, .. } => {
                by_key.get(&RoomKey { app, call: *call }).map(|call| call.worker)
            }
            MediaCommand::Close { call } => by_key.remove(&RoomKey { app, call: *call }).map(|call| {
                legs[call.worker] -= call.legs.len();
                call.worker
            }),
        };
        // Under the lock, so that two threads' commands for one call keep their order.
        if let Some(worker) = worker {
            self.order(worker, Order::Command(app, command));
        }
    }

    /// A device's answer to an offer. A stale `offer_id`, and a call or leg that is not there, are ignored.
    pub fn answer(&self, app: AppId, call: CallId, at: DeviceKey, offer_id: u64, sdp: String) {
        let key = RoomKey { app, call };
        self.to(key, Order::Answer { key, at, offer_id, sdp });
    }

    /// Offers the device's media anew on a fresh transport; the old one is kept until the new one is up.
    pub fn restart(&self, app: AppId, call: CallId, at: DeviceKey) {
        let key = RoomKey { app, call };
        self.to(key, Order::Restart { key, at });
    }

    /// Figures of all workers, at most half a second old.
    pub fn stats(&self) -> MediaStats {
        let mut all = MediaStats::default();
        self.hands.iter().for_each(|hand| all.add(&lock(&hand.figures)));
        all
    }

    /// Whether any worker can take another call.
    pub fn capacity_open(&self) -> bool {
        lock(&self.calls.table).legs.iter().any(|legs| *legs < MOST_LEGS)
    }

    /// The bound addresses of each worker; each is both of UDP and of TCP.
    pub fn addresses(&self) -> Vec<Vec<SocketAddr>> {
        self.hands.iter().map(|hand| hand.addresses.clone()).collect()
    }

    /// Tells every transport goodbye and joins the threads.
    pub fn stop(mut self) {
        self.end();
    }

    /// Has a room's next packet panic. For tests.
    #[doc(hidden)]
    pub fn break_room(&self, app: AppId, call: CallId) {
        let key = RoomKey { app, call };
        self.to(key, Order::BreakRoom(key));
    }

    /// Has a call's worker die. For tests.
    #[doc(hidden)]
    pub fn kill_worker(&self, app: AppId, call: CallId) {
        self.to(RoomKey { app, call }, Order::Die);
    }

    fn to(&self, key: RoomKey, order: Order) {
        let worker = lock(&self.calls.table).by_key.get(&key).map(|call| call.worker);
        if let Some(worker) = worker {
            self.order(worker, order);
        }
    }

    fn order(&self, worker: usize, order: Order) {
        let hand = &self.hands[worker];
        if hand.orders.send(order).is_ok() {
            let _ = hand.waker.wake();
        }
    }

    fn end(&mut self) {
        (0..self.hands.len()).for_each(|worker| self.order(worker, Order::Stop));
        for hand in &mut self.hands {
            if let Some(thread) = hand.thread.take() {
                let _ = thread.join();
            }
        }
    }
}

impl Drop for MediaPool {
    fn drop(&mut self) {
        self.end();
    }
}

/// The worker for a new call; none if all are full.
fn place(legs: &[usize]) -> Option<usize> {
    let filling = (0..legs.len()).find(|worker| legs[*worker] < SHARE);
    let least = || (0..legs.len()).min_by_key(|worker| legs[*worker]);
    filling.or_else(least).filter(|worker| legs[*worker] < MOST_LEGS)
}

fn hire(
    config: &MediaConfig,
    number: usize,
    certificate: Certificate,
    calls: &Arc<Calls>,
    out: &UnboundedSender<(AppId, MediaOut)>,
) -> Result<Hand, MediaStartError> {
    let system = |error: std::io::Error| MediaStartError::System(error.to_string());
    let sockets = Sockets::bind(config, number)?;
    let addresses: Vec<SocketAddr> = sockets.udp.iter().map(|(addr, _)| *addr).collect();
    let udp = addresses.iter().map(|addr| LocalAddress { proto: Proto::Udp, addr: *addr });
    let tcp = addresses.iter().map(|addr| LocalAddress { proto: Proto::Tcp, addr: *addr });
    let advertise = config.advertise.map(|mut addr| {
        addr.set_port(addr.port().saturating_add(u16::try_from(number).unwrap_or(u16::MAX)));
        addr
    });
    let settings = Settings { locals: udp.chain(tcp).collect(), advertise, certificate, offers_from: 0 };
    let (orders, received) = mpsc::channel();
    let figures = Arc::new(Mutex::new(MediaStats::default()));
    let poll = Poll::new().map_err(system)?;
    Worker::register(&poll, &sockets).map_err(system)?;
    let waker = Arc::new(Worker::waker(&poll).map_err(system)?);
    let post = Post { number, orders: received, out: out.clone(), figures: figures.clone(), calls: calls.clone() };
    let thread = std::thread::Builder::new()
        .name(format!("media-{number}"))
        .spawn(move || work(&post, poll, &sockets, &settings))
        .map_err(system)?;
    Ok(Hand { orders, waker, figures, thread: Some(thread), addresses })
}

/// A worker's thread: if the work dies, its calls are reported lost and it begins anew on the same sockets.
fn work(post: &Post, mut poll: Poll, sockets: &Sockets, settings: &Settings) {
    loop {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let settings = Settings { offers_from: offers_from(), ..settings.clone() };
            let mut worker = Worker::new(post, &mut poll, sockets, settings)?;
            Ok::<_, std::io::Error>(worker.run())
        }));
        match ended {
            Ok(Ok(End::Stopped)) => return,
            Ok(Ok(End::Failed(error)) | Err(error)) => {
                tracing::error!(worker = post.number, %error, "a media worker failed and begins anew");
            }
            Err(_) => tracing::error!(worker = post.number, "a media worker died and begins anew"),
        }
        for key in post.calls.forget_all(post.number) {
            lock(&post.figures).rooms_lost += 1;
            let report = MediaReport::RoomLost { call: key.call };
            let _ = post.out.send((key.app, MediaOut::Report(report)));
        }
        // Should the system refuse us again and again, it is not asked without a pause.
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Offers' numbers begin with the time, so that those of a room made anew are not those of its former life. 2^10 per
/// millisecond leave room up to the year 2248 below 2^53, which JSON's numbers hold.
fn offers_from() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_millis() as u64 * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_filled_to_its_share_and_then_the_load_is_spread() {
        assert_eq!(place(&[0, 0]), Some(0));
        assert_eq!(place(&[SHARE - 1, 0]), Some(0));
        assert_eq!(place(&[SHARE, 0]), Some(1));
        assert_eq!(place(&[SHARE + 9, SHARE]), Some(1));
        assert_eq!(place(&[MOST_LEGS, MOST_LEGS - 1]), Some(1));
        assert_eq!(place(&[MOST_LEGS, MOST_LEGS]), None);
    }
}
