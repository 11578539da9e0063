//! What waits to be posted, and when it is due: without a clock, so that it can be tested without one.

use super::letter::Letter;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tsuwa_proto::{CallId, Millis};

/// The first wait after a failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);
/// A webhook that nobody took for so long is given up: a weekend, and some hours to be called in.
pub(super) const GIVEN_UP_AFTER: Duration = Duration::from_secs(72 * 60 * 60);
/// A receiver that took nothing for so long was away, and not only unwilling to take one of them.
const OUTAGE_MS: u64 = 5_000;
/// When it is back, those that failed meanwhile are spread over so long.
const SPREAD_MS: u64 = 1_000;

/// A webhook on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Parcel {
    pub(super) call: CallId,
    pub(super) number: u64,
    /// When it happened.
    pub(super) at: Millis,
    pub(super) letter: Letter,
    /// So many attempts failed.
    pub(super) failed: u32,
}

/// What an attempt that failed means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    /// It is tried again after this.
    Again(Duration),
    /// It is given up.
    GivenUp,
}

/// Webhooks that wait: those that were not tried yet first (somebody's phone is to ring), then those whose wait is over.
#[derive(Debug, Default)]
pub(super) struct Queue {
    fresh: VecDeque<Parcel>,
    later: BTreeMap<(Millis, u64), Parcel>,
    last: u64,
    /// The first failure since something was taken.
    failing_since: Option<Millis>,
}

impl Queue {
    pub(super) fn push(&mut self, parcel: Parcel) {
        self.fresh.push_back(parcel);
    }

    /// The next that is due.
    pub(super) fn pop(&mut self, now: Millis) -> Option<Parcel> {
        self.fresh.pop_front().or_else(|| {
            let first = self.later.first_entry().filter(|entry| entry.key().0 <= now)?;
            Some(first.remove())
        })
    }

    /// When the next is due that is not yet.
    pub(super) fn wakes_at(&self) -> Option<Millis> {
        self.later.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn len(&self) -> usize {
        self.fresh.len() + self.later.len()
    }

    pub(super) fn has_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// The receiver took one. If it had been away, those that failed meanwhile need not wait any longer.
    pub(super) fn taken(&mut self, now: Millis, mut random: impl FnMut() -> u32) {
        let away = self.failing_since.take().is_some_and(|since| now.since(since) >= OUTAGE_MS);
        if !away {
            return;
        }
        for ((at, place), parcel) in std::mem::take(&mut self.later) {
            let soon = now.plus((u64::from(random()) * SPREAD_MS) >> 32);
            self.later.insert((at.min(soon), place), parcel);
        }
    }

    /// An attempt failed: the webhook waits for the next, or is given up.
    pub(super) fn failed(&mut self, now: Millis, mut parcel: Parcel, random: u32) -> Next {
        self.failing_since.get_or_insert(now);
        if u128::from(now.since(parcel.at)) >= GIVEN_UP_AFTER.as_millis() {
            return Next::GivenUp;
        }
        let wait = wait(parcel.failed, random);
        parcel.failed = parcel.failed.saturating_add(1);
        self.last += 1;
        let due = now.plus(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self.later.insert((due, self.last), parcel);
        Next::Again(wait)
    }
}

/// The wait after so many earlier failures: doubling, and shortened by up to a quarter, so that what failed together does
/// not come back together.
fn wait(failed: u32, random: u32) -> Duration {
    let whole = FIRST_WAIT.saturating_mul(1_u32.checked_shl(failed).unwrap_or(u32::MAX)).min(LONGEST_WAIT);
    whole - (whole / 4).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_000_000);

    fn parcel(call: u64) -> Parcel {
        let letter = Letter { id: format!("1-{call}-1"), body: "{}".to_owned() };
        Parcel { call: CallId(call), number: 1, at: START, letter, failed: 0 }
    }

    #[test]
    fn a_receiver_is_asked_again_at_growing_intervals_for_three_days() {
        let mut queue = Queue::default();
        queue.push(parcel(1));
        let (mut now, mut waits) = (START, Vec::new());
        loop {
            let parcel = queue.pop(now).expect("it is due");
            match queue.failed(now, parcel, 0) {
                Next::Again(wait) => waits.push(wait.as_secs()),
                Next::GivenUp => break,
            }
            assert!(queue.pop(now).is_none(), "it waits");
            now = queue.wakes_at().expect("it waits");
        }
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert!(waits[10..].iter().all(|wait| *wait == 300));
        assert_eq!(queue.len(), 0);
        let hours = now.since(START) / 3_600_000;
        assert_eq!(hours, 72);
    }

    #[test]
    fn chance_shortens_a_wait_by_a_quarter_at_most() {
        assert_eq!(wait(0, u32::MAX), Duration::from_millis(750));
        assert_eq!(wait(40, 0), LONGEST_WAIT);
        assert_eq!(wait(u32::MAX, u32::MAX), LONGEST_WAIT / 4 * 3);
    }

    #[test]
    fn what_is_new_goes_before_what_failed() {
        let mut queue = Queue::default();
        queue.failed(START, parcel(1), 0);
        queue.push(parcel(2));
        let now = START.plus(60_000);
        assert_eq!(queue.pop(now).map(|parcel| parcel.call), Some(CallId(2)));
        assert_eq!(queue.pop(now).map(|parcel| parcel.call), Some(CallId(1)));
    }

    #[test]
    fn when_the_receiver_is_back_nothing_waits_any_longer() {
        let mut queue = Queue::default();
        let mut lost = parcel(1);
        lost.failed = 20;
        queue.failed(START, lost, 0);
        let back = START.plus(60_000);
        queue.taken(back, || u32::MAX);
        assert!(queue.wakes_at().expect("it waits") < back.plus(SPREAD_MS));
    }

    #[test]
    fn one_that_nobody_wants_is_not_hurried_by_others_that_are_taken() {
        let mut queue = Queue::default();
        let mut unwanted = parcel(1);
        unwanted.failed = 20;
        queue.failed(START, unwanted, 0);
        queue.taken(START.plus(100), || 0);
        assert_eq!(queue.wakes_at(), Some(START.plus(300_000)));
    }
}
