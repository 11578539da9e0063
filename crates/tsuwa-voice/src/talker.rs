//! A voice that was never anybody's: syllables of harmonics with formants, with pauses between words.

use crate::RATE_HZ;
use std::f32::consts::PI;

/// First three formants of five vowels, in Hz (rounded textbook values).
const VOWELS: [[f32; 3]; 5] = [
    [730.0, 1090.0, 2440.0],
    [270.0, 2290.0, 3010.0],
    [300.0, 870.0, 2240.0],
    [530.0, 1840.0, 2480.0],
    [570.0, 840.0, 2410.0],
];

/// How wide each formant is, in Hz.
const WIDTHS: [f32; 3] = [80.0, 100.0, 140.0];

/// Root mean square of a syllable: about −20 dBFS, where telephones keep speech.
const LEVEL: f32 = 3_300.0;

/// An endless talker; the same seed says the same.
///
/// Syllables' lengths, pitches and vowels are drawn at random, so what it says is nowhere like itself at another
/// time: how much later it was heard can be told without doubt.
#[derive(Clone, Debug)]
pub struct Talker {
    random: u64,
    base_pitch_hz: f32,
    syllables_left: u32,
    ready: Vec<i16>,
    given: usize,
}

impl Talker {
    /// The talker of this seed.
    pub fn new(seed: u64) -> Self {
        let mut talker = Self {
            random: seed ^ 0x5151_7caa_11ce_b0b5,
            base_pitch_hz: 0.0,
            syllables_left: 0,
            ready: Vec::new(),
            given: 0,
        };
        talker.base_pitch_hz = talker.between(95.0, 210.0);
        talker
    }

    /// Says on.
    pub fn fill(&mut self, sound: &mut [i16]) {
        for sample in sound {
            if self.given == self.ready.len() {
                self.say();
            }
            *sample = self.ready[self.given];
            self.given += 1;
        }
    }

    /// Makes a syllable, or a pause between two words, ready.
    fn say(&mut self) {
        self.ready.clear();
        self.given = 0;
        if self.syllables_left == 0 {
            self.syllables_left = self.between(2.0, 7.0) as u32;
            let pause_ms = self.between(90.0, 280.0);
            self.ready.resize((pause_ms * 48.0) as usize, 0);
            return;
        }
        self.syllables_left -= 1;
        let mut sound = Vec::new();
        if self.between(0.0, 1.0) < 0.4 {
            let length = (self.between(35.0, 80.0) * 48.0) as usize;
            self.hiss(length, &mut sound);
        }
        let length = (self.between(110.0, 260.0) * 48.0) as usize;
        self.vowel(length, &mut sound);
        self.ready.extend(sound.iter().map(|&s| s.clamp(-32_000.0, 32_000.0) as i16));
        let gap_ms = self.between(5.0, 40.0);
        self.ready.resize(self.ready.len() + (gap_ms * 48.0) as usize, 0);
    }

    fn vowel(&mut self, length: usize, sound: &mut Vec<f32>) {
        let vowel = VOWELS[(self.between(0.0, 5.0) as usize).min(4)];
        let mut throat = [Resonance::default(); 3];
        for (resonance, (formant, width)) in throat.iter_mut().zip(vowel.iter().zip(WIDTHS)) {
            *resonance = Resonance::new(formant * self.between(0.93, 1.07), width);
        }
        let from_hz = self.base_pitch_hz * self.between(0.85, 1.3);
        let to_hz = self.base_pitch_hz * self.between(0.8, 1.2);
        let loud = LEVEL * self.between(0.7, 1.2);
        let begin = sound.len();
        let (mut phase, mut tilt) = (0.0f32, 0.0f32);
        for i in 0..length {
            let done = i as f32 / length as f32;
            phase += (from_hz + (to_hz - from_hz) * done) / RATE_HZ as f32;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase -= phase.floor();
            // The vocal cords' pulse falls off towards the heights.
            tilt = 0.92 * tilt + pulse + 0.004 * self.noise();
            let shaped = throat.iter_mut().fold(tilt, |value, resonance| resonance.pass(value));
            sound.push(shaped * envelope(i, length, 15 * 48, 45 * 48));
        }
        scale(&mut sound[begin..], loud);
    }

    fn hiss(&mut self, length: usize, sound: &mut Vec<f32>) {
        let mut mouth = Resonance::new(self.between(2800.0, 4500.0), 900.0);
        let begin = sound.len();
        let mut last = 0.0;
        for i in 0..length {
            let noise = self.noise();
            sound.push(mouth.pass(noise - last) * envelope(i, length, 10 * 48, 10 * 48));
            last = noise;
        }
        scale(&mut sound[begin..], LEVEL * 0.25);
    }

    fn noise(&mut self) -> f32 {
        self.between(-1.0, 1.0)
    }

    /// A number of an even distribution (SplitMix64).
    fn between(&mut self, low: f32, high: f32) -> f32 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        low + (high - low) * ((mixed >> 40) as f32 / (1u64 << 24) as f32)
    }
}

/// Rises, holds, falls: from 0 to 1 to 0.
fn envelope(i: usize, length: usize, rise: usize, fall: usize) -> f32 {
    let up = (i as f32 / rise as f32).min(1.0);
    let down = ((length - i) as f32 / fall as f32).min(1.0);
    up * down
}

fn scale(sound: &mut [f32], level: f32) {
    let energy: f32 = sound.iter().map(|s| s * s).sum::<f32>() / sound.len().max(1) as f32;
    let gain = level / energy.sqrt().max(1e-9);
    sound.iter_mut().for_each(|s| *s *= gain);
}

/// A two-pole filter that rings at one frequency.
#[derive(Clone, Copy, Debug, Default)]
struct Resonance {
    gain: f32,
    one: f32,
    two: f32,
    last: f32,
    before: f32,
}

impl Resonance {
    fn new(hz: f32, width_hz: f32) -> Self {
        let radius = (-PI * width_hz / RATE_HZ as f32).exp();
        let one = 2.0 * radius * (2.0 * PI * hz / RATE_HZ as f32).cos();
        let two = -radius * radius;
        Self { gain: 1.0 - one - two, one, two, last: 0.0, before: 0.0 }
    }

    fn pass(&mut self, value: f32) -> f32 {
        let out = self.gain * value + self.one * self.last + self.two * self.before;
        (self.before, self.last) = (self.last, out);
        out
    }
}
