//! The numbers of a load test.

use std::time::Duration;

/// Width of a step of the histogram: 10 µs.
const STEP_NS: u64 = 10_000;

/// Steps: up to 100 ms; what took longer counts as that.
const STEPS: usize = 10_000;

/// What was counted, over all parties.
#[derive(Clone, Debug, Default)]
pub struct LoadStats {
    /// Parties that joined.
    pub parties: u64,
    /// Connections that came up.
    pub up: u64,
    /// Packets handed to the network (before a call stands, the server drops them).
    pub sent: u64,
    /// Packets received and authenticated.
    pub received: u64,
    /// Packets that should have been between the first and the last that were received, and were not.
    pub lost: u64,
    /// Connections that were lost.
    pub connections_lost: u64,
    /// From sent to received, through the server.
    pub delays: Delays,
}

/// A histogram of delays.
#[derive(Clone, Default)]
pub struct Delays {
    steps: Vec<u64>,
    count: u64,
    longest: Duration,
}

impl Delays {
    pub(super) fn add(&mut self, delay: Duration) {
        if self.steps.is_empty() {
            self.steps.resize(STEPS, 0);
        }
        let step = usize::try_from(delay.as_nanos() as u64 / STEP_NS).unwrap_or(STEPS);
        self.steps[step.min(STEPS - 1)] += 1;
        self.count += 1;
        self.longest = self.longest.max(delay);
    }

    /// How many were measured.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// The delay that `percent` of all packets did not exceed, to 10 µs; 0 if there were none.
    pub fn percentile(&self, percent: f64) -> Duration {
        let wanted = (self.count as f64 * percent / 100.0).ceil() as u64;
        let mut below = 0;
        for (step, count) in self.steps.iter().enumerate() {
            below += count;
            if below >= wanted && below > 0 {
                return Duration::from_nanos((step as u64 + 1) * STEP_NS);
            }
        }
        Duration::ZERO
    }
}

impl std::fmt::Debug for Delays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [p50, p95, p99] = [50.0, 95.0, 99.0].map(|percent| self.percentile(percent));
        write!(f, "p50 {p50:?}, p95 {p95:?}, p99 {p99:?}, longest {:?}", self.longest)
    }
}
