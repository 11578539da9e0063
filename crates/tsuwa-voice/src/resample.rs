//! From one sample rate to another: a windowed sinc, looked up by phase.

use std::f64::consts::PI;

/// Zero crossings of the sinc on each side: 16 keep what folds back at least 60 dB down with a Hann window.
const CROSSINGS: f64 = 16.0;

/// Places between two samples that the filter is computed for; in between it is interpolated.
const PHASES: usize = 256;

/// How much of the narrower band is kept; the rest is for the filter's slope.
const KEPT: f64 = 0.94;

/// Changes the sample rate of a stream of mono sound.
pub struct Resampler {
    from: u64,
    to: u64,
    /// Samples that the filter reaches to each side.
    reach: usize,
    /// `PHASES + 1` rows of `2 * reach` weights.
    weights: Vec<f32>,
    kept: Vec<f32>,
    /// Where the next output lies, in input samples from the beginning of `kept`, times `to`.
    at: u64,
}

impl Resampler {
    /// From `from_hz` to `to_hz`; what is outside 1 to 768 kHz counts as the nearer of the two.
    pub fn new(from_hz: u32, to_hz: u32) -> Self {
        // Without bounds the filter for a rate that nobody has would not fit in memory.
        let [from, to] = [from_hz, to_hz].map(|hz| u64::from(hz.clamp(1_000, 768_000)));
        let band = KEPT * (to as f64 / from as f64).min(1.0);
        let reach = (CROSSINGS / band).ceil() as usize;
        let mut weights = Vec::with_capacity((PHASES + 1) * 2 * reach);
        for phase in 0..=PHASES {
            let begin = weights.len();
            for tap in 0..2 * reach {
                let x = tap as f64 - (reach as f64 - 1.0) - phase as f64 / PHASES as f64;
                let sinc = if x == 0.0 { band } else { (PI * x * band).sin() / (PI * x) };
                let window = 0.5 + 0.5 * (PI * (x / reach as f64).clamp(-1.0, 1.0)).cos();
                weights.push((sinc * window) as f32);
            }
            // A constant stays the same constant at every phase.
            let sum: f32 = weights[begin..].iter().sum();
            weights[begin..].iter_mut().for_each(|weight| *weight /= sum);
        }
        // Silence before the beginning, so that the first output lies at the first input.
        Self { from, to, reach, weights, kept: vec![0.0; reach - 1], at: (reach as u64 - 1) * to }
    }

    /// Takes `input` in and appends what can be said of the output so far; it lags by the filter's reach (under 1 ms
    /// when the rate rises).
    pub fn process(&mut self, input: &[i16], output: &mut Vec<i16>) {
        if self.from == self.to {
            output.extend_from_slice(input);
            return;
        }
        self.kept.extend(input.iter().map(|&sample| f32::from(sample)));
        loop {
            let index = (self.at / self.to) as usize;
            if index + self.reach >= self.kept.len() {
                break;
            }
            let place = (self.at % self.to) as f64 / self.to as f64 * PHASES as f64;
            output.push(self.value(index + 1 - self.reach, place as usize, place.fract() as f32));
            self.at += self.from;
        }
        let over = ((self.at / self.to) as usize + 1 - self.reach).min(self.kept.len());
        self.kept.drain(..over);
        self.at -= over as u64 * self.to;
    }

    /// The end of the sound: appends what was still within the filter's reach.
    pub fn finish(&mut self, output: &mut Vec<i16>) {
        self.process(&vec![0; self.reach + 1], output);
    }

    fn value(&self, begin: usize, phase: usize, between: f32) -> i16 {
        let taps = 2 * self.reach;
        let row = &self.weights[phase * taps..][..taps];
        let next = &self.weights[(phase + 1) * taps..][..taps];
        let sound = &self.kept[begin..begin + taps];
        let sum: f32 = sound.iter().zip(row.iter().zip(next)).map(|(s, (a, b))| s * (a + (b - a) * between)).sum();
        sum.round().clamp(-32_768.0, 32_767.0) as i16
    }
}
