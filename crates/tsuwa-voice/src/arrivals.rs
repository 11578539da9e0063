//! How evenly packets come in, and how long sound must therefore wait.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many packets the jitter is measured over: 256, about 5 s.
const REMEMBERED: usize = 256;

/// One packet of this many may come later than the target provides for (NetEQ's target too is about 97 %).
const ONE_IN: usize = 32;

/// The fastest way is looked for in the last 10 s, so that 100 ppm of clock drift is 1 ms of error.
const BASE_SPANS: usize = 10;
const BASE_SPAN: Duration = Duration::from_secs(1);

/// How long a loss is remembered: 500 packets, 10 s.
const LOSS_REMEMBERED: usize = 500;

/// Longest that sound is made to wait for late packets, in ms: beyond it talking to each other gets hard.
const TARGET_MOST_MS: f64 = 400.0;

/// Delay is relative: that of the fastest packet of the last seconds counts as 0.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    origin: Option<(Instant, i64)>,
    /// The smallest transit of each span, oldest first.
    bases: VecDeque<(Instant, f64)>,
    /// Jitter of the last packets, in ms.
    jitter: VecDeque<f64>,
    target_ms: f64,
    /// For how many packets more the last loss is remembered.
    lossy_for: usize,
}

impl Arrivals {
    /// A packet that begins at `timestamp` (48 kHz, unwrapped) came in at `now`.
    pub(crate) fn add(&mut self, now: Instant, timestamp: i64) {
        let transit = self.transit(now, timestamp);
        match self.bases.back_mut() {
            Some((since, base)) if now.saturating_duration_since(*since) < BASE_SPAN => *base = base.min(transit),
            _ => {
                self.bases.push_back((now, transit));
                if self.bases.len() > BASE_SPANS {
                    self.bases.pop_front();
                }
            }
        }
        self.jitter.push_back((transit - self.base()).min(1000.0));
        if self.jitter.len() > REMEMBERED {
            self.jitter.pop_front();
        }
        let mut sorted: Vec<f64> = self.jitter.iter().copied().collect();
        let place = sorted.len() - 1 - sorted.len() / ONE_IN;
        let (_, &mut jitter, _) = sorted.select_nth_unstable_by(place, f64::total_cmp);
        self.target_ms = jitter.min(TARGET_MOST_MS);
        self.lossy_for = self.lossy_for.saturating_sub(1);
    }

    /// A packet was missing.
    pub(crate) fn lost(&mut self) {
        self.lossy_for = LOSS_REMEMBERED;
    }

    /// Whether one was lately.
    pub(crate) fn lossy(&self) -> bool {
        self.lossy_for > 0
    }

    /// How long after the fastest packet's way the sound at `timestamp` is played, if it is played at `now`; ms.
    pub(crate) fn delay_ms(&mut self, now: Instant, timestamp: i64) -> f64 {
        self.transit(now, timestamp) - self.base()
    }

    /// How long it should be, in ms.
    pub(crate) fn target_ms(&self) -> f64 {
        // What a packet lost on the way carried is in the one after it, 20 ms later.
        if self.lossy() { self.target_ms + 20.0 } else { self.target_ms }
    }

    fn transit(&mut self, now: Instant, timestamp: i64) -> f64 {
        let (begin, first) = *self.origin.get_or_insert((now, timestamp));
        let passed_ms = now.saturating_duration_since(begin).as_secs_f64() * 1000.0;
        passed_ms - (timestamp - first) as f64 / 48.0
    }

    fn base(&self) -> f64 {
        self.bases.iter().map(|&(_, base)| base).fold(f64::INFINITY, f64::min)
    }
}
