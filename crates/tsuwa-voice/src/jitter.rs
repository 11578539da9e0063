//! Puts packets back in order, and says what is missing when its time has come.

use crate::FRAME;
use crate::opus::packet_samples;
use std::collections::BTreeMap;
use std::time::Instant;

/// Most packets kept: 2 s of 20 ms packets. A sender that is further ahead loses its oldest.
const MOST_KEPT: usize = 100;

/// A timestamp this far behind the newest is not a late packet but another stream: 2 s.
const ANOTHER_STREAM: i64 = 2 * 48_000;

/// Most of a gap that is filled with made-up sound: 120 ms. Of a longer one the beginning is left out.
const GAP_MOST: i64 = 5760;

/// An Opus packet as RTP brought it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet<'a> {
    /// RTP sequence number.
    pub seq: u16,
    /// RTP timestamp, 48 kHz.
    pub timestamp: u32,
    /// The Opus packet.
    pub payload: &'a [u8],
}

/// What became of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pushed {
    /// Kept until its time.
    Kept,
    /// Its time is over: dropped.
    Late,
    /// Had before: dropped.
    Duplicate,
    /// Not Opus: dropped.
    Bad,
    /// The first of another stream; what was kept of the old one is dropped.
    Restarted,
}

/// What is next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pulled {
    /// The next packet.
    Packet {
        /// The Opus packet.
        payload: Vec<u8>,
        /// When it came in.
        arrived: Instant,
    },
    /// The next 20 ms are missing.
    Lost {
        /// The packet right behind them, if it is there: it may carry them as FEC.
        next: Option<Vec<u8>>,
    },
    /// The sender paused here; what it sent afterwards begins anew.
    Paused,
    /// Nothing came in yet.
    Empty,
}

struct Kept {
    seq: i64,
    payload: Vec<u8>,
    samples: i64,
    arrived: Instant,
}

/// A buffer of packets by timestamp; it knows their order, not the time.
#[derive(Default)]
pub struct JitterBuffer {
    kept: BTreeMap<i64, Kept>,
    /// The newest packet seen, unwrapped: what the next one's numbers are unwrapped against.
    newest: Option<(i64, i64)>,
    /// Where the next sound begins, and the last sequence number taken out.
    next: Option<(i64, i64)>,
}

impl JitterBuffer {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Packets kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether no packet is kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Takes a packet in, at `now`.
    pub fn push(&mut self, now: Instant, packet: Packet<'_>) -> Pushed {
        let Ok(samples) = packet_samples(packet.payload) else { return Pushed::Bad };
        let (mut seq, mut timestamp) = self.unwrap(packet.seq, packet.timestamp);
        let mut result = Pushed::Kept;
        if self.newest.is_some_and(|(_, newest)| timestamp < newest - ANOTHER_STREAM) {
            *self = Self::default();
            (seq, timestamp) = self.unwrap(packet.seq, packet.timestamp);
            result = Pushed::Restarted;
        }
        if self.next.is_some_and(|(next, _)| timestamp < next) {
            return Pushed::Late;
        }
        if self.kept.contains_key(&timestamp) {
            return Pushed::Duplicate;
        }
        if self.newest.is_none_or(|(_, newest)| timestamp > newest) {
            self.newest = Some((seq, timestamp));
        }
        let kept = Kept { seq, payload: packet.payload.to_vec(), samples: samples as i64, arrived: now };
        self.kept.insert(timestamp, kept);
        while self.kept.len() > MOST_KEPT {
            self.kept.pop_first();
        }
        result
    }

    /// The unwrapped timestamp of `timestamp`, as it would be if it came in now.
    pub(crate) fn unwrapped(&self, timestamp: u32) -> i64 {
        self.unwrap(0, timestamp).1
    }

    /// Where the oldest kept packet begins.
    pub(crate) fn first(&self) -> Option<i64> {
        self.kept.first_key_value().map(|(&timestamp, _)| timestamp)
    }

    /// Where the next sound begins, once something was pulled.
    pub(crate) fn next(&self) -> Option<i64> {
        self.next.map(|(next, _)| next)
    }

    /// Whether the next packet in order is there.
    pub(crate) fn next_is_there(&self) -> bool {
        self.next.is_some_and(|(next, _)| self.kept.contains_key(&next))
    }

    /// Goes on with the oldest kept packet, wherever it begins.
    pub(crate) fn skip_to_first(&mut self) {
        if let Some((&timestamp, first)) = self.kept.first_key_value() {
            self.next = Some((timestamp, first.seq - 1));
        }
    }

    /// Takes out what is next.
    pub fn pull(&mut self) -> Pulled {
        let Some((&timestamp, first)) = self.kept.first_key_value() else { return Pulled::Empty };
        let (next, last_seq) = self.next.unwrap_or((timestamp, first.seq - 1));
        if timestamp <= next {
            let Some((timestamp, packet)) = self.kept.pop_first() else { return Pulled::Empty };
            self.next = Some((timestamp + packet.samples, packet.seq));
            return Pulled::Packet { payload: packet.payload, arrived: packet.arrived };
        }
        // Time passed between the two packets, but no packet was sent in it.
        if first.seq <= last_seq + 1 {
            self.next = Some((timestamp, first.seq - 1));
            return Pulled::Paused;
        }
        let next = next.max(timestamp - GAP_MOST);
        let frame = FRAME as i64;
        let adjacent = timestamp - next <= frame;
        let fec = adjacent.then(|| first.payload.clone());
        // A gap that is no whole number of frames ends a little early rather than overlap.
        self.next = Some((if adjacent { timestamp } else { next + frame }, last_seq));
        Pulled::Lost { next: fec }
    }

    fn unwrap(&self, seq: u16, timestamp: u32) -> (i64, i64) {
        let Some((newest_seq, newest)) = self.newest else { return (i64::from(seq), i64::from(timestamp)) };
        // The difference to the newest, as the shorter way round.
        let seq_ahead = seq.wrapping_sub(newest_seq as u16) as i16;
        let ahead = timestamp.wrapping_sub(newest as u32) as i32;
        (newest_seq + i64::from(seq_ahead), newest + i64::from(ahead))
    }
}
