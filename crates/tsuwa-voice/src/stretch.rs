//! Makes sound a little longer or shorter by one pitch period, which is hardly heard.

/// Shortest pitch period looked for, in samples: 2.5 ms (400 Hz).
const SHORTEST: usize = 120;

/// Longest that is taken out: 15 ms (67 Hz).
const LONGEST_OUT: usize = 720;

/// Longest that is put in: 10 ms, since a frame of 20 ms must hold it twice.
const LONGEST_IN: usize = 480;

/// How alike two neighbouring periods must be (1: the same).
const ALIKE: f32 = 0.6;

/// Root mean square below which anything may be repeated or left out: −48 dBFS.
const QUIET: f32 = 130.0;

/// Samples that [`shorten`] wants to look at.
pub(crate) const SHORTEN_NEEDS: usize = 2 * LONGEST_OUT;

/// Leaves out one period from the beginning of `sound`; gives how many samples (0: not without being heard).
/// With `anyhow` it takes the best period that there is.
pub(crate) fn shorten(sound: &mut Vec<i16>, anyhow: bool) -> usize {
    let Some(period) = period(sound, LONGEST_OUT, anyhow) else { return 0 };
    for i in 0..period {
        sound[period + i] = blend(sound[i], sound[period + i], i, period);
    }
    sound.drain(..period);
    period
}

/// Puts one more period in at the beginning of `sound`; gives how many samples (0: not without being heard).
pub(crate) fn lengthen(sound: &mut Vec<i16>) -> usize {
    let Some(period) = period(sound, LONGEST_IN, false) else { return 0 };
    let again: Vec<i16> = (0..period).map(|i| blend(sound[period + i], sound[i], i, period)).collect();
    sound.splice(period..period, again);
    period
}

/// From `from` at step 0 to `to` at step `steps`.
fn blend(from: i16, to: i16, step: usize, steps: usize) -> i16 {
    let (from, to) = (i64::from(from), i64::from(to));
    let (step, steps) = (step as i64, steps as i64);
    ((from * (steps - step) + to * step) / steps) as i16
}

/// The lag at which the beginning of `sound` is most like what follows it.
fn period(sound: &[i16], longest: usize, anyhow: bool) -> Option<usize> {
    // Every fourth sample is enough for speech: its pitch and first formants lie below 6 kHz.
    const STEP: usize = 4;
    if sound.len() < 2 * longest {
        return None;
    }
    let energy = |part: &[i16]| -> f32 { part.iter().step_by(STEP).map(|&s| f32::from(s) * f32::from(s)).sum() };
    if energy(&sound[..2 * longest]) < QUIET * QUIET * (2 * longest / STEP) as f32 {
        return Some(longest);
    }
    let mut best = (SHORTEST, f32::MIN);
    for lag in (SHORTEST..=longest).step_by(STEP) {
        let (one, two) = (&sound[..lag], &sound[lag..2 * lag]);
        let product: f32 = one.iter().zip(two).step_by(STEP).map(|(&a, &b)| f32::from(a) * f32::from(b)).sum();
        let likeness = product / (energy(one) * energy(two)).sqrt().max(1.0);
        if likeness > best.1 {
            best = (lag, likeness);
        }
    }
    (anyhow || best.1 >= ALIKE).then_some(best.0)
}
