//! Audio as frames: Opus, redundancy, jitter buffer, loss concealment, mixing, levels.
//!
//! Pure: no IO, no clock, no threads. Sound is 48 kHz mono, signed 16-bit, in frames of 20 ms
//! ([`FRAME`] samples); an [`Instant`](std::time::Instant) is passed in wherever time matters.
#![deny(unsafe_code)]

mod arrivals;
mod compare;
mod jitter;
mod level;
mod listener;
mod mix;
mod opus;
mod red;
mod resample;
mod stretch;
mod talker;
mod wav;

pub use compare::{Match, compare};
pub use jitter::{JitterBuffer, Packet, Pulled, Pushed};
pub use level::{LevelMeter, Loudness, loudness};
pub use listener::{Heard, Listener, ListenerStats};
pub use mix::Mixer;
pub use opus::{Decoder, Encoder, OpusError, packet_samples};
pub use red::{Block, RedError, build_red, parse_red};
pub use resample::Resampler;
pub use talker::Talker;
pub use wav::{Wav, WavError, wav_header};

/// Samples in a second.
pub const RATE_HZ: u32 = 48_000;

/// Samples in a frame of 20 ms.
pub const FRAME: usize = 960;

/// A frame of sound.
pub type Frame = [i16; FRAME];
