//! How evenly packets come in, and how long sound must therefore wait.

use std::collections::VecDeque;
use std::time::Instant;

/// How many packets the jitter is measured over: 256, about 5 s.
const REMEMBERED: usize = 256;

/// One packet of this many may come later than the target provides for (NetEQ's target too is about 97 %).
const ONE_IN: usize = 32;

/// The fastest way is looked for in the last 10 s, so that 100 ppm of clock drift is 1 ms of error.
const BASE_SPANS: usize = 10;
const BASE_SPAN_MS: f64 = 1000.0;

/// Between two frames played, in ms.
const FRAME_MS: f64 = 20.0;

/// How long a loss is remembered: 500 packets, 10 s.
const LOSS_REMEMBERED: usize = 500;

/// Longest that sound is made to wait for late packets, in ms: beyond it talking to each other gets hard.
const TARGET_MOST_MS: f64 = 400.0;

/// Delay is relative: that of the fastest packet of the last seconds counts as 0.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    /// The smallest transit of each span, oldest first.
    bases: VecDeque<(f64, f64)>,
    /// Jitter of the last packets, in ms.
    jitter: VecDeque<f64>,
    target_ms: f64,
    /// For how many packets more the last loss is remembered.
    lossy_for: usize,
}

impl Arrivals {
    /// A packet that begins at `timestamp` (48 kHz, unwrapped) came in at `now_ms` of the [`PlayClock`].
    pub(crate) fn add(&mut self, now_ms: f64, timestamp: i64) {
        let transit = now_ms - timestamp as f64 / 48.0;
        match self.bases.back_mut() {
            Some((since, base)) if now_ms - *since < BASE_SPAN_MS => *base = base.min(transit),
            _ => {
                self.bases.push_back((now_ms, transit));
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

    /// How long after the fastest packet's way the sound at `timestamp` is played, if it is played at `now_ms`; ms.
    pub(crate) fn delay_ms(&self, now_ms: f64, timestamp: i64) -> f64 {
        now_ms - timestamp as f64 / 48.0 - self.base()
    }

    /// How long it should be, in ms.
    pub(crate) fn target_ms(&self) -> f64 {
        // What a packet lost on the way carried is in the one after it, 20 ms later.
        if self.lossy() { self.target_ms + 20.0 } else { self.target_ms }
    }

    fn base(&self) -> f64 {
        self.bases.iter().map(|&(_, base)| base).fold(f64::INFINITY, f64::min)
    }
}

/// Time as the listener's own playing counts it, in ms: 20 for each frame played.
///
/// What matters of a packet is whether it was there when its turn came. A thread that was kept from running for a while
/// and then plays several frames at once finds the packets of that while too; by the clock on the wall they would look
/// late, and sound would be stretched for nothing. And the sender's clock is to be followed as the player's runs.
#[derive(Debug, Default)]
pub(crate) struct PlayClock {
    frames: u64,
    last: Option<Instant>,
}

impl PlayClock {
    /// A frame is played at `now`; gives its time.
    pub(crate) fn play(&mut self, now: Instant) -> f64 {
        self.frames += 1;
        self.last = Some(now);
        self.frames as f64 * FRAME_MS
    }

    /// The time of something between two frames.
    pub(crate) fn between(&mut self, now: Instant) -> f64 {
        let last = *self.last.get_or_insert(now);
        let since_ms = now.saturating_duration_since(last).as_secs_f64() * 1000.0;
        self.frames as f64 * FRAME_MS + since_ms.min(FRAME_MS)
    }
}
