//! Many parties on one thread, for load tests: packets that were encoded beforehand go out 50 times a second, and what
//! comes in is counted and timed, never decoded.
//!
//! Make a [`Load`], give [`AudioSetup::load`](super::AudioSetup::load) to as many clients as there are to be parties, let
//! them call each other, and read [`Load::stats`]. A party sends while its microphone is open and not muted, as
//! everywhere.
//!
//! Each packet carries when it was sent, so both ends must be in this process; a packet is counted only after SRTP has
//! authenticated it.

mod leg;
mod stats;

pub use stats::{Delays, LoadStats};

use super::engine::{Command, EngineOut};
use leg::Leg;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc;
use tsuwa_voice::{Encoder, FRAME, Talker};

/// Packets that are encoded beforehand: 2 s, then they begin anew.
const PACKETS: usize = 100;

/// Bitrate that they are encoded at: the same as a real client's.
const BITS_PER_S: u32 = 32_000;

/// The thread of a load test; clones share it, and it ends with the last of them and of its parties.
#[derive(Clone)]
pub struct Load {
    joins: mpsc::UnboundedSender<Join>,
    shared: Arc<Shared>,
}

struct Join {
    inbox: mpsc::UnboundedReceiver<Command>,
    out: mpsc::UnboundedSender<EngineOut>,
}

/// What the parties share.
struct Shared {
    packets: Vec<Vec<u8>>,
    begin: Instant,
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    stats: LoadStats,
    /// The last number that each party sent.
    sent: Vec<u32>,
    /// By receiving and sending party: the first and the last number that came, and how many.
    heard: HashMap<(u32, u32), Heard>,
}

struct Heard {
    first: u32,
    last: u32,
    count: u64,
}

impl Shared {
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Load {
    /// Starts the thread.
    pub fn start() -> io::Result<Self> {
        let (joins, inbox) = mpsc::unbounded_channel();
        let shared =
            Arc::new(Shared { packets: packets()?, begin: Instant::now(), counted: Mutex::new(Counted::default()) });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let legs = Arc::clone(&shared);
        std::thread::Builder::new().name("tsuwa-load".into()).spawn(move || runtime.block_on(serve(inbox, legs)))?;
        Ok(Self { joins, shared })
    }

    /// The numbers so far. Lost packets are holes in what came; while parties still send, packets on their way are not
    /// taken for lost.
    pub fn stats(&self) -> LoadStats {
        let counted = self.shared.counted();
        let mut stats = counted.stats.clone();
        stats.lost = counted.heard.values().map(|heard| heard.missing(heard.last)).sum();
        stats
    }

    /// The same after everybody has stopped sending and what was on its way has had time to come: what was sent last
    /// and did not come is lost too.
    pub fn final_stats(&self) -> LoadStats {
        let counted = self.shared.counted();
        let mut stats = counted.stats.clone();
        let missing = |(&(_, from), heard): (&(u32, u32), &Heard)| {
            heard.missing(counted.sent.get(from as usize).copied().unwrap_or(heard.last))
        };
        stats.lost = counted.heard.iter().map(missing).sum();
        stats
    }

    /// Begins to count anew; for a measurement that is to leave the beginning out.
    pub fn reset(&self) {
        let mut counted = self.shared.counted();
        let (parties, up) = (counted.stats.parties, counted.stats.up);
        counted.stats = LoadStats { parties, up, ..LoadStats::default() };
        counted.heard.clear();
    }

    /// Drives one more client's media.
    pub(super) fn join(&self, inbox: mpsc::UnboundedReceiver<Command>, out: mpsc::UnboundedSender<EngineOut>) {
        // The thread ends only after this handle.
        let _ = self.joins.send(Join { inbox, out });
    }
}

impl Heard {
    /// How many of those up to `last` did not come.
    fn missing(&self, last: u32) -> u64 {
        let meant = u64::from(last.max(self.last).wrapping_sub(self.first)) + 1;
        meant.saturating_sub(self.count)
    }
}

/// What a talker says, encoded.
fn packets() -> io::Result<Vec<Vec<u8>>> {
    let mut encoder = Encoder::new(BITS_PER_S).map_err(io::Error::other)?;
    let mut talker = Talker::new(1);
    let mut frame = [0; FRAME];
    let mut packets = Vec::with_capacity(PACKETS);
    while packets.len() < PACKETS {
        talker.fill(&mut frame);
        let mut packet = Vec::new();
        encoder.encode(&frame, &mut packet).map_err(io::Error::other)?;
        packets.push(packet);
    }
    Ok(packets)
}

async fn serve(mut joins: mpsc::UnboundedReceiver<Join>, shared: Arc<Shared>) {
    let mut legs = tokio::task::JoinSet::new();
    while let Some(join) = joins.recv().await {
        let number = {
            let mut counted = shared.counted();
            counted.stats.parties += 1;
            counted.sent.push(0);
            counted.sent.len() as u32 - 1
        };
        legs.spawn(Leg::run(number, Arc::clone(&shared), join));
        while legs.try_join_next().is_some() {}
    }
    // Parties that are left end when their clients do.
    while legs.join_next().await.is_some() {}
}
