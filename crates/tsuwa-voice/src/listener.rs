//! One person's sound, from packets to even frames.

use crate::arrivals::{Arrivals, PlayClock};
use crate::jitter::{JitterBuffer, Packet, Pulled, Pushed};
use crate::opus::{Decoder, OpusError};
use crate::red::parse_red;
use crate::stretch::{SHORTEN_NEEDS, lengthen, shorten};
use crate::{FRAME, Frame};
use std::time::Instant;

/// How many frames in a row are made up when nothing comes in: 60 ms; beyond it made-up sound is a drone.
const MADE_UP_MOST: u32 = 3;

/// How far the delay may be over the target before sound is shortened, in ms: a frame, since packets are decoded at whole
/// frames' times only, and 10 ms against hunting.
const OVER_MS: f64 = 30.0;

/// How far it may be under the target before sound is lengthened, in ms.
const UNDER_MS: f64 = 5.0;

/// Over the target by more than this, sound is shortened wherever it can, in ms.
const FAR_OVER_MS: f64 = 120.0;

/// Over the target by more than this, whole packets are left out, in ms: an outage ended in a burst.
const TOO_FAR_OVER_MS: f64 = 400.0;

/// A packet this late that ends a silence, in ms, begins a new reckoning: the sender's timestamps stood still meanwhile.
const ANEW_MS: f64 = 500.0;

/// Frames between two changes of length, so that the pitch does not warble.
const STRETCH_EVERY: u32 = 3;

/// What is to be played in the next 20 ms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    /// Sound that was sent.
    Voice {
        /// The sound.
        frame: Frame,
        /// When the newest packet in it came in.
        arrived: Instant,
    },
    /// Sound made up for packets that did not come.
    MadeUp(Frame),
    /// Nothing: not speaking, muted, or gone.
    Nothing,
}

/// What came in and what did not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ListenerStats {
    /// Packets that came in.
    pub received: u64,
    /// Of them, too late to be played.
    pub late: u64,
    /// Of them, had before.
    pub duplicates: u64,
    /// Of them, not decodable.
    pub bad: u64,
    /// Missing frames that redundancy (RED) brought.
    pub by_red: u64,
    /// Missing frames that FEC was asked for.
    pub by_fec: u64,
    /// Missing frames that were made up.
    pub made_up: u64,
    /// Frames made up since nothing had come in when it was to be played.
    pub waited: u64,
    /// Times that sound was made shorter or longer to keep the delay.
    pub stretched: u64,
}

/// Receives one person's packets and gives a frame every 20 ms.
pub struct Listener {
    buffer: JitterBuffer,
    decoder: Decoder,
    arrivals: Arrivals,
    clock: PlayClock,
    /// Decoded and not yet played.
    sound: Vec<i16>,
    /// Where the sound at the end of `sound` ends is the buffer's; false while there is nothing to play.
    playing: bool,
    arrived: Option<Instant>,
    /// Samples made up while waiting: if their packets turn out to be lost, they were already made up for.
    waited: usize,
    made_up_in_a_row: u32,
    since_stretch: u32,
    stats: ListenerStats,
}

impl Listener {
    /// A listener that has heard nothing.
    pub fn new() -> Result<Self, OpusError> {
        Ok(Self {
            buffer: JitterBuffer::new(),
            decoder: Decoder::new()?,
            arrivals: Arrivals::default(),
            clock: PlayClock::default(),
            sound: Vec::with_capacity(4 * FRAME),
            playing: false,
            arrived: None,
            waited: 0,
            made_up_in_a_row: 0,
            since_stretch: 0,
            stats: ListenerStats::default(),
        })
    }

    /// What came in so far.
    pub fn stats(&self) -> ListenerStats {
        self.stats
    }

    /// Takes an Opus packet in that came at `now`.
    pub fn push(&mut self, now: Instant, packet: Packet<'_>) -> Pushed {
        self.stats.received += 1;
        let idle = !self.playing && self.buffer.is_empty();
        let pushed = self.buffer.push(now, packet);
        match pushed {
            Pushed::Late => self.stats.late += 1,
            Pushed::Duplicate => self.stats.duplicates += 1,
            Pushed::Bad => self.stats.bad += 1,
            Pushed::Restarted => {
                self.arrivals = Arrivals::default();
                self.playing = false;
            }
            Pushed::Kept => {}
        }
        if !matches!(pushed, Pushed::Bad | Pushed::Duplicate) {
            let timestamp = self.buffer.unwrapped(packet.timestamp);
            let now_ms = self.clock.between(now);
            if idle && self.arrivals.delay_ms(now_ms, timestamp) > ANEW_MS {
                self.arrivals = Arrivals::default();
            }
            // A late packet too: it says that sound should wait longer.
            self.arrivals.add(now_ms, timestamp);
        }
        pushed
    }

    /// Takes a RED packet in (`packet.payload` is RFC 2198); blocks of another payload type than the packet's own
    /// are passed over.
    pub fn push_red(&mut self, now: Instant, packet: Packet<'_>) -> Pushed {
        let Ok(blocks) = parse_red(packet.payload) else {
            self.stats.received += 1;
            self.stats.bad += 1;
            return Pushed::Bad;
        };
        let Some((own, older)) = blocks.split_last() else { return Pushed::Bad };
        let pushed = self.push(now, Packet { payload: own.payload, ..packet });
        for block in older.iter().filter(|block| block.payload_type == own.payload_type && block.offset > 0) {
            // Senders put every packet of the last few in; so the distance in time is the distance in packets.
            let back = (block.offset as usize).div_ceil(FRAME).max(1) as u16;
            let recovered = self.buffer.push(
                now,
                Packet {
                    seq: packet.seq.wrapping_sub(back),
                    timestamp: packet.timestamp.wrapping_sub(block.offset),
                    payload: block.payload,
                },
            );
            if recovered == Pushed::Kept {
                self.stats.by_red += 1;
            }
        }
        pushed
    }

    /// What to play in the 20 ms from `now` on. To be called every 20 ms.
    pub fn pull(&mut self, now: Instant) -> Heard {
        let now_ms = self.clock.play(now);
        if !self.playing {
            let Some(first) = self.buffer.first() else { return Heard::Nothing };
            if self.arrivals.delay_ms(now_ms, first) < self.arrivals.target_ms() {
                return Heard::Nothing;
            }
            self.buffer.skip_to_first();
            self.playing = true;
            self.waited = 0;
            self.made_up_in_a_row = 0;
        }
        let mut voice = self.sound.len() >= FRAME;
        while self.sound.len() < FRAME {
            match self.advance() {
                Advance::Voice => voice = true,
                Advance::MadeUp => {}
                Advance::End => {
                    self.playing = false;
                    break;
                }
            }
        }
        if self.playing {
            self.keep_delay(now_ms);
        }
        if self.sound.is_empty() {
            return Heard::Nothing;
        }
        let mut frame = [0; FRAME];
        let given = self.sound.len().min(FRAME);
        frame[..given].copy_from_slice(&self.sound[..given]);
        self.sound.drain(..given);
        match self.arrived {
            Some(arrived) if voice => Heard::Voice { frame, arrived },
            _ => Heard::MadeUp(frame),
        }
    }

    /// Decodes, recovers or makes up the next bit of sound.
    fn advance(&mut self) -> Advance {
        match self.buffer.pull() {
            Pulled::Packet { payload, arrived } => {
                self.waited = 0;
                self.made_up_in_a_row = 0;
                self.arrived = Some(arrived);
                if self.decoder.decode(&payload, &mut self.sound).is_ok() {
                    return Advance::Voice;
                }
                self.stats.bad += 1;
                self.make_up()
            }
            // For the first loss in a while the delay may grow: then the next one's FEC comes in time.
            Pulled::Lost { .. } if self.waited >= FRAME && self.arrivals.lossy() => {
                self.waited -= FRAME;
                self.arrivals.lost();
                Advance::MadeUp
            }
            Pulled::Lost { next: Some(next) } => {
                self.arrivals.lost();
                self.stats.by_fec += 1;
                match self.decoder.decode_fec(&next, &mut self.sound) {
                    Ok(_) => Advance::Voice,
                    Err(_) => self.make_up(),
                }
            }
            Pulled::Lost { next: None } => {
                self.arrivals.lost();
                self.stats.made_up += 1;
                self.make_up()
            }
            Pulled::Paused => Advance::End,
            Pulled::Empty if self.made_up_in_a_row < MADE_UP_MOST => {
                self.stats.waited += 1;
                self.made_up_in_a_row += 1;
                self.waited += FRAME;
                self.make_up()
            }
            Pulled::Empty => Advance::End,
        }
    }

    fn make_up(&mut self) -> Advance {
        if self.decoder.conceal(&mut self.sound).is_err() {
            self.sound.resize(self.sound.len() + FRAME, 0);
        }
        Advance::MadeUp
    }

    /// Brings the delay nearer to the target: this follows jitter as it comes and goes, and clocks that drift.
    fn keep_delay(&mut self, now_ms: f64) {
        self.since_stretch += 1;
        let Some(next) = self.buffer.next() else { return };
        let target = self.arrivals.target_ms();
        let mut over = self.arrivals.delay_ms(now_ms, next - self.sound.len() as i64) - target;
        while over > TOO_FAR_OVER_MS && self.buffer.next_is_there() {
            self.sound.clear();
            if !matches!(self.advance(), Advance::Voice) {
                return;
            }
            let next = self.buffer.next().unwrap_or(next);
            over = self.arrivals.delay_ms(now_ms, next - self.sound.len() as i64) - target;
        }
        // A packet must be there when it is decoded, which is earlier than it is played by what is left of the one before.
        let left_ms = self.sound.len().saturating_sub(FRAME) as f64 / 48.0;
        let under = left_ms - over;
        if over > OVER_MS {
            let far = over > FAR_OVER_MS;
            if !far && self.since_stretch < STRETCH_EVERY {
                return;
            }
            while self.sound.len() < SHORTEN_NEEDS + FRAME && self.buffer.next_is_there() {
                self.advance();
            }
            // What stays must still fill a frame.
            if self.sound.len() >= SHORTEN_NEEDS + FRAME / 4 && shorten(&mut self.sound, far) > 0 {
                self.stats.stretched += 1;
                self.since_stretch = 0;
            }
        } else if under > UNDER_MS && self.since_stretch >= STRETCH_EVERY && lengthen(&mut self.sound) > 0 {
            self.stats.stretched += 1;
            self.since_stretch = 0;
        }
    }
}

enum Advance {
    Voice,
    MadeUp,
    End,
}
