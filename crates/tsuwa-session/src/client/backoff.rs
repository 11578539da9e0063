//! How long to wait before the next attempt.

use crate::timing::{BACK_OFF_FIRST_MS, BACK_OFF_IN_CALL_MS, BACK_OFF_MOST_MS};

/// The pauses between connection attempts: none before the first, then twice the one before each time. Every pause is
/// drawn from the upper half of its span, so that a crowd that was cut off together does not come back together.
#[derive(Clone)]
pub(crate) struct BackOff {
    failed: u32,
    seed: u64,
}

impl BackOff {
    pub(crate) fn new(seed: u64) -> Self {
        Self { failed: 0, seed }
    }

    pub(crate) fn reset(&mut self) {
        self.failed = 0;
    }

    /// The pause before the next attempt, in milliseconds.
    pub(crate) fn next_ms(&mut self, in_call: bool) -> u64 {
        let before = self.failed;
        self.failed = before.saturating_add(1);
        if before == 0 {
            return 0;
        }
        // 2^7 · 100 ms is past the longest pause already.
        let span = (BACK_OFF_FIRST_MS << (before - 1).min(7)).min(BACK_OFF_MOST_MS);
        let span = if in_call { span.min(BACK_OFF_IN_CALL_MS) } else { span };
        span / 2 + self.draw() % (span / 2 + 1)
    }

    /// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
    fn draw(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
