//! Whether what was heard is what was said, how much later, and how loud.

use crate::level::loudness;
use std::time::Duration;

/// Pieces that are looked for one by one: half a second.
const PIECE: usize = 24_000;

/// The search goes at 4 kHz first.
const COARSE: usize = 12;

/// A piece found this well where the one before was found is not looked for elsewhere.
const WELL: f32 = 0.7;

/// How far from the place of the piece before it is looked for first: 100 ms, in coarse samples.
const NEAR: i64 = 400;

/// What [`compare`] found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Match {
    /// How much later in `heard` than in `said` the same sound stands: the middle one of all pieces.
    pub delay_samples: i64,
    /// How alike they are where there is sound, 0 (nothing in common) to 1 (the same), on average of all pieces by their energy.
    pub correlation: f32,
    /// How much louder than said, in dB, on average.
    pub level_db: f32,
    /// Pieces of half a second that had sound in them.
    pub pieces: usize,
}

impl Match {
    /// The delay as a time; 0 if it is negative (the recordings did not begin together).
    pub fn delay(&self) -> Duration {
        Duration::from_micros(self.delay_samples.max(0) as u64 * 125 / 6)
    }
}

/// Where a piece was found.
struct Found {
    lag: i64,
    likeness: f32,
    gain: f32,
    energy: f32,
}

/// Looks for every half second of `heard` (48 kHz) that has sound in `said`, up to `longest` samples earlier or later.
/// `None` if nothing is to be heard.
pub fn compare(said: &[i16], heard: &[i16], longest: usize) -> Option<Match> {
    // Silence around it, so that a piece that reaches over an end is found too.
    let said = [&[0; PIECE][..], said, &[0; PIECE]].concat();
    let (coarse_said, coarse_heard) = (coarse(&said), coarse(heard));
    let longest = (longest / COARSE) as i64;
    let mut found: Vec<Found> = Vec::new();
    let mut around: Option<i64> = None;
    for begin in (0..heard.len().saturating_sub(PIECE - 1)).step_by(PIECE) {
        // Ordinary speech is 20 to 30 dB over this.
        if loudness(&heard[begin..begin + PIECE]).dbfs() < -50.0 {
            continue;
        }
        let at = ((begin + PIECE) / COARSE) as i64;
        let piece = &coarse_heard[begin / COARSE..(begin + PIECE) / COARSE];
        let near = around.map(|lag| search(&coarse_said, piece, at, lag - NEAR..=lag + NEAR));
        let (lag, likeness) = match near {
            Some(near) if near.1 >= WELL => near,
            _ => search(&coarse_said, piece, at, -longest..=longest),
        };
        if likeness >= WELL {
            around = Some(lag);
        }
        found.push(refine(&said, &heard[begin..begin + PIECE], (begin + PIECE) as i64, lag * COARSE as i64));
    }
    if found.is_empty() {
        return None;
    }
    let energy: f32 = found.iter().map(|piece| piece.energy).sum();
    let correlation = found.iter().map(|piece| piece.likeness * piece.energy).sum::<f32>() / energy;
    // The level counts where the sound is the same at all.
    let gains: Vec<f32> =
        found.iter().filter(|piece| piece.likeness > 0.3).map(|piece| 20.0 * piece.gain.log10()).collect();
    let level_db = gains.iter().sum::<f32>() / gains.len().max(1) as f32;
    let pieces = found.len();
    found.sort_by_key(|piece| piece.lag);
    Some(Match { delay_samples: found[pieces / 2].lag, correlation, level_db, pieces })
}

/// Every twelfth sample, averaged: 4 kHz.
fn coarse(sound: &[i16]) -> Vec<f32> {
    sound.chunks(COARSE).map(|chunk| chunk.iter().map(|&s| f32::from(s)).sum::<f32>() / COARSE as f32).collect()
}

/// The lag (how much later than in `said`) at which `piece`, which begins at `at`, is most like `said`.
fn search(said: &[f32], piece: &[f32], at: i64, lags: std::ops::RangeInclusive<i64>) -> (i64, f32) {
    let mut best = (0, f32::MIN);
    for lag in lags {
        if let Some((likeness, _)) = likeness(said, piece, at - lag)
            && likeness > best.1
        {
            best = (lag, likeness);
        }
    }
    best
}

/// The same at 48 kHz, near `lag`.
fn refine(said: &[i16], piece: &[i16], at: i64, lag: i64) -> Found {
    let float = |sound: &[i16]| sound.iter().map(|&s| f32::from(s)).collect::<Vec<f32>>();
    let reach = 2 * COARSE as i64;
    let begin = (at - lag - reach).clamp(0, said.len() as i64);
    let end = (at - lag + reach + piece.len() as i64).clamp(begin, said.len() as i64);
    let (said, piece) = (float(&said[begin as usize..end as usize]), float(piece));
    let energy = piece.iter().map(|s| s * s).sum();
    let mut best = Found { lag, likeness: 0.0, gain: 1.0, energy };
    for near in lag - reach..=lag + reach {
        if let Some((likeness, gain)) = likeness(&said, &piece, at - near - begin)
            && likeness > best.likeness
        {
            best = Found { lag: near, likeness, gain, energy };
        }
    }
    best
}

/// Correlation of `piece` with `said` from `from` on, and the gain between them. `None` where `said` does not reach.
fn likeness(said: &[f32], piece: &[f32], from: i64) -> Option<(f32, f32)> {
    let from = usize::try_from(from).ok()?;
    let said = said.get(from..from + piece.len())?;
    let (mut product, mut of_said, mut of_piece) = (0.0f32, 0.0f32, 0.0f32);
    for (a, b) in said.iter().zip(piece) {
        product += a * b;
        of_said += a * a;
        of_piece += b * b;
    }
    let both = (of_said * of_piece).sqrt();
    (both > 0.0).then(|| (product / both, product / of_said))
}
