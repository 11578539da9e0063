//! WAV files: RIFF, 16-bit PCM, one or two channels. Bytes in, bytes out; files are the caller's.

use crate::resample::Resampler;
use crate::{FRAME, RATE_HZ};
use std::fmt;

/// Sample rates that are taken, in Hz: what recorders make.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;

/// Sound of a WAV file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wav {
    /// Samples in a second.
    pub rate_hz: u32,
    /// The sound; two channels are mixed to one.
    pub samples: Vec<i16>,
}

/// Why bytes are not a WAV file that can be used: whoever chose the file must choose another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WavError {
    /// Not RIFF/WAVE.
    NotWav,
    /// It has no `fmt ` chunk before its `data`, or no `data`.
    Incomplete,
    /// Not PCM of 16 bits.
    NotPcm16,
    /// Not one or two channels.
    Channels(u16),
    /// A rate below 4 kHz or above 384 kHz.
    Rate(u32),
}

impl fmt::Display for WavError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWav => f.write_str("not a WAV file"),
            Self::Incomplete => f.write_str("the WAV file has no sound in it"),
            Self::NotPcm16 => f.write_str("the WAV file is not 16-bit PCM"),
            Self::Channels(channels) => write!(f, "the WAV file has {channels} channels; one or two are taken"),
            Self::Rate(rate) => write!(f, "the WAV file's rate is {rate} Hz; 4000 to 384000 are taken"),
        }
    }
}

impl std::error::Error for WavError {}

impl Wav {
    /// Reads a WAV file. A `data` chunk that says it is longer than the file (a recording that was cut off) is read as
    /// far as it goes.
    pub fn parse(file: &[u8]) -> Result<Self, WavError> {
        if file.len() < 12 || &file[..4] != b"RIFF" || &file[8..12] != b"WAVE" {
            return Err(WavError::NotWav);
        }
        let mut rest = &file[12..];
        let mut format = None;
        while let Some((head, body)) = rest.split_first_chunk::<8>() {
            let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
            let chunk = &body[..length.min(body.len())];
            match &head[..4] {
                b"fmt " => format = Some(Self::format(chunk)?),
                b"data" => {
                    let (rate_hz, channels) = format.ok_or(WavError::Incomplete)?;
                    return Ok(Self { rate_hz, samples: Self::samples(chunk, channels) });
                }
                _ => {}
            }
            // Chunks are padded to an even length.
            rest = body.get(length.saturating_add(length % 2)..).unwrap_or_default();
        }
        Err(WavError::Incomplete)
    }

    /// The sound at 48 kHz.
    pub fn at_48k(self) -> Vec<i16> {
        if self.rate_hz == RATE_HZ {
            return self.samples;
        }
        let mut resampler = Resampler::new(self.rate_hz, RATE_HZ);
        let length = self.samples.len() as u64 * u64::from(RATE_HZ) / u64::from(self.rate_hz);
        let mut sound = Vec::with_capacity(length as usize + FRAME);
        resampler.process(&self.samples, &mut sound);
        resampler.finish(&mut sound);
        sound.truncate(length as usize);
        sound
    }

    fn format(chunk: &[u8]) -> Result<(u32, u16), WavError> {
        let Some(f) = chunk.first_chunk::<16>() else { return Err(WavError::Incomplete) };
        let (kind, channels) = (u16::from_le_bytes([f[0], f[1]]), u16::from_le_bytes([f[2], f[3]]));
        let rate_hz = u32::from_le_bytes([f[4], f[5], f[6], f[7]]);
        let bits = u16::from_le_bytes([f[14], f[15]]);
        // 1 is PCM; 0xfffe says that the kind stands in the extension, whose first bytes are it.
        let kind =
            if kind == 0xfffe { chunk.get(24..26).map_or(0, |k| u16::from_le_bytes([k[0], k[1]])) } else { kind };
        if kind != 1 || bits != 16 {
            return Err(WavError::NotPcm16);
        }
        if !(1..=2).contains(&channels) {
            return Err(WavError::Channels(channels));
        }
        if !RATES_HZ.contains(&rate_hz) {
            return Err(WavError::Rate(rate_hz));
        }
        Ok((rate_hz, channels))
    }

    fn samples(data: &[u8], channels: u16) -> Vec<i16> {
        let (samples, _) = data.as_chunks::<2>();
        let samples = samples.iter().map(|&bytes| i16::from_le_bytes(bytes));
        if channels == 1 {
            return samples.collect();
        }
        let all: Vec<i16> = samples.collect();
        let (pairs, _) = all.as_chunks::<2>();
        pairs.iter().map(|[left, right]| ((i32::from(*left) + i32::from(*right)) / 2) as i16).collect()
    }
}

/// The 44 bytes before the samples (little-endian, 16 bits, mono) of a WAV file. `samples` over what a WAV file's
/// 32 bits can say are said as the most that they can.
pub fn wav_header(rate_hz: u32, samples: usize) -> [u8; 44] {
    let data = u32::try_from(samples.saturating_mul(2)).unwrap_or(u32::MAX - 36).min(u32::MAX - 36);
    let mut header = [0; 44];
    header[..4].copy_from_slice(b"RIFF");
    header[4..8].copy_from_slice(&(data + 36).to_le_bytes());
    header[8..16].copy_from_slice(b"WAVEfmt ");
    header[16..20].copy_from_slice(&16u32.to_le_bytes());
    header[20..22].copy_from_slice(&1u16.to_le_bytes());
    header[22..24].copy_from_slice(&1u16.to_le_bytes());
    header[24..28].copy_from_slice(&rate_hz.to_le_bytes());
    header[28..32].copy_from_slice(&rate_hz.saturating_mul(2).to_le_bytes());
    header[32..34].copy_from_slice(&2u16.to_le_bytes());
    header[34..36].copy_from_slice(&16u16.to_le_bytes());
    header[36..40].copy_from_slice(b"data");
    header[40..].copy_from_slice(&data.to_le_bytes());
    header
}
