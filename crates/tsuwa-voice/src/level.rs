//! How loud sound is.

use crate::Frame;
use tsuwa_proto::Volume;

/// The level that counts as silence, in dB below full scale: the noise floor of ordinary rooms and microphones.
const SILENT_DB: f32 = -60.0;

/// A level in dBFS: 0 is a full-scale square wave, silence is −127 (the floor of RFC 6464).
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Loudness(f32);

impl Loudness {
    /// Digital silence.
    pub const SILENCE: Self = Self(-127.0);

    /// In dB relative to full scale, −127 to 0.
    pub const fn dbfs(self) -> f32 {
        self.0
    }

    /// As users see it: linear in dB, −60 dBFS or less is 0 and 0 dBFS is 100. Ordinary speech is at 50 to 75.
    pub fn volume(self) -> Volume {
        let level = (self.0 - SILENT_DB) * (100.0 / -SILENT_DB);
        Volume::clamped(level.round().clamp(0.0, 100.0) as u8)
    }

    /// As RFC 6464 sends it, but negative as str0m wants it: −127 to 0 whole dB.
    pub fn rfc6464(self) -> i8 {
        self.0.round().clamp(-127.0, 0.0) as i8
    }

    /// Whether anybody would hear it.
    pub fn audible(self) -> bool {
        self.0 > SILENT_DB
    }
}

/// The root mean square level of `samples`; of none, silence.
pub fn loudness(samples: &[i16]) -> Loudness {
    if samples.is_empty() {
        return Loudness::SILENCE;
    }
    let energy: f64 = samples.iter().map(|&s| f64::from(s) * f64::from(s)).sum::<f64>() / samples.len() as f64;
    // 32768² is the energy of full scale.
    let dbfs = 10.0 * (energy / (32_768.0 * 32_768.0)).log10();
    Loudness((dbfs as f32).clamp(-127.0, 0.0))
}

/// The loudest 20 ms since it was last read: short words show, and silence is 0 at once.
#[derive(Clone, Debug)]
pub struct LevelMeter {
    loudest: Loudness,
}

impl Default for LevelMeter {
    fn default() -> Self {
        Self { loudest: Loudness::SILENCE }
    }
}

impl LevelMeter {
    /// Takes a frame into account; gives its level.
    pub fn add(&mut self, frame: &Frame) -> Loudness {
        let level = loudness(frame);
        if level > self.loudest {
            self.loudest = level;
        }
        level
    }

    /// The level since the last `take`, and begins anew.
    pub fn take(&mut self) -> Loudness {
        std::mem::replace(&mut self.loudest, Loudness::SILENCE)
    }
}
