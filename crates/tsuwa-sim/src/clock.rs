//! Clocks that begin anywhere and drift.

use tsuwa_proto::Millis;

/// A clock that runs a little fast or slow against the town's own time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// What it showed at `since`, the town's time.
    shown: u64,
    since: u64,
    /// Parts per million that it is fast.
    fast_ppm: i64,
}

impl Clock {
    pub(crate) fn new(now: u64, shows: Millis, fast_ppm: i64) -> Self {
        Self { shown: shows.0, since: now, fast_ppm }
    }

    /// What it shows.
    pub(crate) fn at(&self, now: u64) -> Millis {
        let passed = now.saturating_sub(self.since) as i64;
        Millis(self.shown.saturating_add_signed(passed + passed * self.fast_ppm / 1_000_000))
    }

    /// The town's time at which it shows `moment`; `now` if it does already.
    pub(crate) fn when(&self, now: u64, moment: Millis) -> u64 {
        let wanted = moment.since(self.at(now)) as i64;
        if wanted == 0 {
            return now;
        }
        // Far wishes (a ticket's end in years) don't overflow, and are asked again when they come.
        let wanted = wanted.min(1 << 40);
        let mut at = now + (wanted * 1_000_000 / (1_000_000 + self.fast_ppm)) as u64;
        while self.at(at) < moment && self.at(at).since(self.at(now)) < 1 << 40 {
            at += 1;
        }
        at
    }
}
