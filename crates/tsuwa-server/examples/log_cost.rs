//! What the log costs: `cargo run --release -p tsuwa-server --example log_cost [FOLDER]`.
//!
//! Prints how long a group takes to be appended, a log to be read and replayed, and a snapshot to be written, in a file
//! below FOLDER (without one: the system's for temporary files, which may be in memory).

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tsuwa_call::DeviceKey;
use tsuwa_exchange::{Entry, Exchange, Input, Log};
use tsuwa_proto::{Act, AppId, CallId, CallType, HangupTarget, Invite, MediaMode, Millis, RequestId, SessionId};
use tsuwa_server::store::{Keeper, LogSync, Store};

const APP: AppId = AppId(1);
/// Enough for a 99th percentile.
const GROUPS: usize = 2_000;

fn main() {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("tsuwa-log-cost-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (sync, name) in [(LogSync::Second, "second"), (LogSync::Always, "always")] {
        for size in [1, 8, 64] {
            append(&folder, sync, name, size);
        }
    }
    steady(&folder, Duration::from_secs(20));
    replay(&folder, 10_000);
    for sessions in [1_000, 10_000, 100_000] {
        snapshot(&folder, sessions);
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

/// A log at work.
struct Town {
    store: Store,
    exchange: Exchange,
    entries: Vec<Entry>,
}

impl Town {
    fn open(folder: &Path, name: &str, sync: LogSync) -> Self {
        let keeper = Keeper::start().expect("a thread");
        let mut store = Store::open(&folder.join(name), APP, sync, &keeper).expect("a log");
        let exchange = Exchange::new(APP, store.reign().expect("a reign"));
        Self { store, exchange, entries: Vec::new() }
    }

    fn enter(&mut self, input: Input) -> u64 {
        let entry = self.exchange.propose(Millis(1_795_466_645_123), input);
        self.exchange.committed(&entry);
        while self.exchange.poll_effect().is_some() {}
        let position = entry.position;
        self.entries.push(entry);
        position
    }

    fn sign_in(&mut self, number: usize) -> SessionId {
        let user = format!("somebody-{number}").parse().expect("an id");
        let at = DeviceKey { user, device: "3f2b8c1e9a7d4056".parse().expect("an id") };
        let expires_at = Millis(1_795_566_645_123);
        SessionId(self.enter(Input::SignIn { origin: 1, at, media: MediaMode::Webrtc, expires_at }))
    }

    fn request(&mut self, session: SessionId, id: u64, act: Act) -> u64 {
        self.enter(Input::Request { session, id: RequestId(id), act })
    }

    /// Two call, talk and hang up: three entries.
    fn call(&mut self, pair: usize, sessions: [SessionId; 2], round: u64) {
        let user_id = format!("somebody-{}", 2 * pair + 1).parse().expect("an id");
        let invite = Invite { kind: CallType::Audio, timeout_s: None, user_data: None };
        let call = CallId(self.request(sessions[0], 2 * round + 1, Act::Call { user_id, invite }));
        self.request(sessions[1], 2 * round + 1, Act::Accept { call_id: Some(call), invitation_id: None });
        self.request(sessions[0], 2 * round + 2, Act::Hangup { target: HangupTarget::Call(call), invitation_id: None });
    }

    /// A hundred pairs that call each other over and over.
    fn calls(&mut self, entries: usize) {
        self.enter(Input::Started);
        let sessions: Vec<[SessionId; 2]> =
            (0..100).map(|pair| [self.sign_in(2 * pair), self.sign_in(2 * pair + 1)]).collect();
        for round in 0.. {
            for (pair, sessions) in sessions.iter().enumerate() {
                if self.entries.len() >= entries {
                    return;
                }
                self.call(pair, *sessions, round);
            }
        }
    }
}

fn append(folder: &Path, sync: LogSync, name: &str, size: usize) {
    let mut town = Town::open(folder, &format!("append-{name}-{size}.sqlite"), sync);
    town.calls(GROUPS * size);
    let mut took: Vec<Duration> = Vec::with_capacity(GROUPS);
    for group in town.entries.chunks_exact(size) {
        let before = Instant::now();
        town.store.append(group).expect("appended");
        took.push(before.elapsed());
    }
    println!("append, sync = \"{name}\", {size} entries: {}", figures(took));
}

/// One entry after another with pauses, as from people, for so long that the log is also tidied up.
fn steady(folder: &Path, long: Duration) {
    let mut town = Town::open(folder, "steady.sqlite", LogSync::Second);
    town.calls(100_000);
    let mut took = Vec::new();
    let began = Instant::now();
    for entry in town.entries.iter().take_while(|_| began.elapsed() < long) {
        std::thread::sleep(Duration::from_micros(400));
        let before = Instant::now();
        town.store.append(std::slice::from_ref(entry)).expect("appended");
        took.push(before.elapsed());
    }
    let a_second = took.len() as f64 / long.as_secs_f64();
    println!("append, sync = \"second\", {a_second:.0} entries a second, one by one: {}", figures(took));
}

fn figures(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let at = |permille: usize| took[took.len() * permille / 1000].as_secs_f64() * 1e6;
    format!("median {:.0} µs, p99 {:.0} µs, p99.9 {:.0} µs", at(500), at(990), at(999))
}

fn replay(folder: &Path, entries: usize) {
    let path = folder.join("replay.sqlite");
    let mut town = Town::open(folder, "replay.sqlite", LogSync::Second);
    town.calls(entries);
    town.store.append(&town.entries).expect("appended");
    drop(town);
    let keeper = Keeper::start().expect("a thread");
    let before = Instant::now();
    let mut store = Store::open(&path, APP, LogSync::Second, &keeper).expect("a log");
    let stored = store.load().expect("it is read");
    let read = before.elapsed();
    let epoch = store.reign().expect("a reign");
    let exchange = Exchange::recover(APP, epoch, stored.snapshot, &stored.tail).expect("it is replayed");
    let all = before.elapsed();
    assert_eq!(exchange.sessions(), 200);
    println!("start with {} entries: read in {read:.1?}, replayed after {all:.1?}", stored.tail.len());
}

fn snapshot(folder: &Path, sessions: usize) {
    let name = format!("snapshot-{sessions}.sqlite");
    let mut town = Town::open(folder, &name, LogSync::Second);
    for number in 0..sessions {
        town.sign_in(number);
    }
    town.store.append(&town.entries).expect("appended");
    let before = Instant::now();
    let snapshot = town.exchange.snapshot();
    let made = before.elapsed();
    town.store.keep(&snapshot).expect("kept");
    let kept = before.elapsed();
    drop(town);
    let keeper = Keeper::start().expect("a thread");
    let before = Instant::now();
    let store = Store::open(&folder.join(name), APP, LogSync::Second, &keeper).expect("a log");
    let stored = store.load().expect("it is read");
    let exchange = Exchange::recover(APP, 1, stored.snapshot, &stored.tail).expect("it is replayed");
    assert_eq!(exchange.sessions(), sessions);
    let read = before.elapsed();
    println!("snapshot of {sessions} sessions: made in {made:.1?}, kept after {kept:.1?}, read back in {read:.1?}");
}
