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
/// For so long after its start a server gives nothing up: what waited while it was off, for days perhaps, is to have more
/// than one chance, and a receiver that is started together with it some time.
const NOT_BEFORE: Duration = Duration::from_secs(60 * 60);
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
    /// When the last attempt began.
    pub(super) begun: Millis,
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
#[derive(Debug)]
pub(super) struct Queue {
    /// Since when this server carries webhooks.
    opened: Millis,
    fresh: VecDeque<Parcel>,
    later: BTreeMap<(Millis, u64), Parcel>,
    last: u64,
    /// The first failure since something was taken.
    failing_since: Option<Millis>,
    /// When the receiver was last back from an outage.
    back_at: Millis,
    /// Until then the receiver wants nothing at all.
    held_until: Millis,
}

impl Queue {
    pub(super) fn new(opened: Millis) -> Self {
        Self {
            opened,
            fresh: VecDeque::new(),
            later: BTreeMap::new(),
            last: 0,
            failing_since: None,
            back_at: Millis(0),
            held_until: Millis(0),
        }
    }

    pub(super) fn push(&mut self, parcel: Parcel) {
        self.fresh.push_back(parcel);
    }

    /// The next that is due: an attempt begins now.
    pub(super) fn pop(&mut self, now: Millis) -> Option<Parcel> {
        if now < self.held_until {
            return None;
        }
        let mut parcel = self.fresh.pop_front().or_else(|| {
            let first = self.later.first_entry().filter(|entry| entry.key().0 <= now)?;
            Some(first.remove())
        })?;
        parcel.begun = now;
        Some(parcel)
    }

    /// When the next is due.
    pub(super) fn wakes_at(&self) -> Option<Millis> {
        let first = self.later.first_key_value().map(|((at, _), _)| *at);
        let first = if self.fresh.is_empty() { first } else { Some(Millis(0)) };
        first.map(|at| at.max(self.held_until))
    }

    pub(super) fn len(&self) -> usize {
        self.fresh.len() + self.later.len()
    }

    /// Whether there is one that was not tried yet, and may be.
    pub(super) fn has_fresh(&self, now: Millis) -> bool {
        !self.fresh.is_empty() && now >= self.held_until
    }

    /// The receiver took one. If it had been away, those that failed meanwhile need not wait any longer.
    pub(super) fn taken(&mut self, now: Millis, mut random: impl FnMut() -> u32) {
        let away = self.failing_since.take().is_some_and(|since| now.since(since) >= OUTAGE_MS);
        if !away {
            return;
        }
        self.back_at = now;
        for ((at, place), parcel) in std::mem::take(&mut self.later) {
            let soon = now.plus((u64::from(random()) * SPREAD_MS) >> 32);
            self.later.insert((at.min(soon), place), parcel);
        }
    }

    /// An attempt failed: the webhook waits for the next, or is given up. `pause`: for so long the receiver asked to be
    /// left alone; it gets at least our first wait, and at most our longest.
    pub(super) fn failed(&mut self, now: Millis, mut parcel: Parcel, pause: Option<Duration>, random: u32) -> Next {
        let pause = pause.map(|pause| pause.clamp(FIRST_WAIT, LONGEST_WAIT));
        if let Some(pause) = pause {
            self.held_until = self.held_until.max(after(now, pause));
        }
        // What began while the receiver was away, and failed only after it was back, says nothing of it as it is now.
        if parcel.begun < self.back_at {
            parcel.failed = 0;
        } else {
            self.failing_since.get_or_insert(now);
        }
        let older = |than: Duration, since: Millis| u128::from(now.since(since)) >= than.as_millis();
        if older(GIVEN_UP_AFTER, parcel.at) && older(NOT_BEFORE, self.opened) {
            return Next::GivenUp;
        }
        let wait = wait(parcel.failed, random).max(pause.unwrap_or_default());
        parcel.failed = parcel.failed.saturating_add(1);
        self.last += 1;
        self.later.insert((after(now, wait), self.last), parcel);
        Next::Again(wait)
    }
}

fn after(now: Millis, wait: Duration) -> Millis {
    now.plus(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
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

    const OPENED: Millis = Millis(1_000);
    const START: Millis = Millis(10_000_000);

    fn parcel(call: u64) -> Parcel {
        let letter = Letter { id: format!("1-{call}-1"), body: "{}".to_owned() };
        Parcel { call: CallId(call), number: 1, at: START, letter, failed: 0, begun: START }
    }

    /// Refuses the one that waits until it is given up: the waits in seconds, and when that was.
    fn until_given_up(queue: &mut Queue) -> (Vec<u64>, Millis) {
        let (mut now, mut waits) = (START, Vec::new());
        loop {
            let parcel = queue.pop(now).expect("it is due");
            match queue.failed(now, parcel, None, 0) {
                Next::Again(wait) => waits.push(wait.as_secs()),
                Next::GivenUp => return (waits, now),
            }
            assert!(queue.pop(now).is_none(), "it waits");
            now = queue.wakes_at().expect("it waits");
        }
    }

    #[test]
    fn a_receiver_is_asked_again_at_growing_intervals_for_three_days() {
        let mut queue = Queue::new(OPENED);
        queue.push(parcel(1));
        let (waits, given_up) = until_given_up(&mut queue);
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert!(waits[10..].iter().all(|wait| *wait == 300));
        assert_eq!(queue.len(), 0);
        assert_eq!(given_up.since(START) / 3_600_000, 72);
    }

    #[test]
    fn what_waited_while_the_server_was_off_is_tried_for_an_hour() {
        let mut queue = Queue::new(START);
        let mut old = parcel(1);
        old.at = Millis(0);
        queue.opened = START.plus(100 * 3_600_000);
        old.begun = queue.opened;
        let mut now = queue.opened;
        let mut tries = 1;
        while queue.failed(now, old, None, 0) != Next::GivenUp {
            now = queue.wakes_at().expect("it waits");
            old = queue.pop(now).expect("it is due");
            tries += 1;
        }
        assert_eq!(now.since(queue.opened) / 3_600_000, 1);
        assert!(tries > 10, "{tries}");
    }

    #[test]
    fn chance_shortens_a_wait_by_a_quarter_at_most() {
        assert_eq!(wait(0, u32::MAX), Duration::from_millis(750));
        assert_eq!(wait(40, 0), LONGEST_WAIT);
        assert_eq!(wait(u32::MAX, u32::MAX), LONGEST_WAIT / 4 * 3);
    }

    #[test]
    fn what_is_new_goes_before_what_failed() {
        let mut queue = Queue::new(OPENED);
        queue.failed(START, parcel(1), None, 0);
        queue.push(parcel(2));
        let now = START.plus(60_000);
        assert_eq!(queue.pop(now).map(|parcel| parcel.call), Some(CallId(2)));
        assert_eq!(queue.pop(now).map(|parcel| parcel.call), Some(CallId(1)));
    }

    #[test]
    fn when_the_receiver_is_back_nothing_waits_any_longer() {
        let mut queue = Queue::new(OPENED);
        let mut lost = parcel(1);
        lost.failed = 20;
        let mut on_its_way = parcel(2);
        on_its_way.failed = 20;
        queue.failed(START, lost, None, 0);
        let back = START.plus(60_000);
        queue.taken(back, || u32::MAX);
        assert!(queue.wakes_at().expect("it waits") < back.plus(SPREAD_MS));
        assert!(queue.pop(back.plus(SPREAD_MS)).is_some());
        // Nor does one whose last attempt had begun before that.
        assert_eq!(queue.failed(back.plus(10), on_its_way, None, 0), Next::Again(FIRST_WAIT));
    }

    #[test]
    fn one_that_nobody_wants_is_not_hurried_by_others_that_are_taken() {
        let mut queue = Queue::new(OPENED);
        let mut unwanted = parcel(1);
        unwanted.failed = 20;
        queue.failed(START, unwanted, None, 0);
        queue.taken(START.plus(100), || 0);
        assert_eq!(queue.wakes_at(), Some(START.plus(300_000)));
    }

    #[test]
    fn who_asks_to_be_left_alone_gets_nothing_for_so_long() {
        let mut queue = Queue::new(OPENED);
        let pause = Duration::from_secs(20);
        assert_eq!(queue.failed(START, parcel(1), Some(pause), 0), Next::Again(pause));
        queue.push(parcel(2));
        // Neither a shorter word of one that was on its way too, nor that another of those was taken, ends it.
        queue.failed(START.plus(10), parcel(3), Some(Duration::ZERO), 0);
        queue.taken(START.plus(8_000), || 0);
        let over = START.plus(20_000);
        assert!(!queue.has_fresh(Millis(over.0 - 1)) && queue.pop(Millis(over.0 - 1)).is_none());
        assert_eq!(queue.wakes_at(), Some(over));
        assert!(queue.has_fresh(over));
        let calls: Vec<u64> = std::iter::from_fn(|| queue.pop(over)).map(|parcel| parcel.call.0).collect();
        assert_eq!(calls.len(), 3);
        assert_eq!(calls[0], 2, "the new one first");
    }

    #[test]
    fn no_receiver_asks_for_less_than_our_first_wait_or_more_than_our_longest() {
        for (asked, holds) in [(Duration::ZERO, FIRST_WAIT), (Duration::MAX, LONGEST_WAIT)] {
            let mut queue = Queue::new(OPENED);
            assert_eq!(queue.failed(START, parcel(1), Some(asked), u32::MAX), Next::Again(holds));
            assert_eq!(queue.wakes_at(), Some(after(START, holds)));
        }
        // One that failed often waits for as long as it would have.
        let mut queue = Queue::new(OPENED);
        let mut often = parcel(1);
        often.failed = 5;
        assert_eq!(queue.failed(START, often, Some(FIRST_WAIT), 0), Next::Again(Duration::from_secs(32)));
    }
}
