//! How long things took.

use std::time::Duration;

/// Times of one thing.
#[derive(Default)]
pub(super) struct Spread(Vec<Duration>);

impl Spread {
    pub(super) fn add(&mut self, time: Duration) {
        let place = self.0.partition_point(|each| *each <= time);
        self.0.insert(place, time);
    }

    /// The time that so many of a hundred did not exceed; the whole of a count that small is its longest.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let wanted = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(wanted - 1).copied().unwrap_or_default()
    }

    pub(super) fn longest(&self) -> Duration {
        self.0.last().copied().unwrap_or_default()
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_times() {
        let mut spread = Spread::default();
        (1..=20).rev().for_each(|ms| spread.add(Duration::from_millis(ms)));
        assert_eq!([50, 95, 100].map(|percent| spread.percentile(percent).as_millis()), [10, 19, 20]);
        assert_eq!((spread.longest().as_millis(), spread.count()), (20, 20));
        assert_eq!(Spread::default().percentile(95), Duration::ZERO);
    }
}
