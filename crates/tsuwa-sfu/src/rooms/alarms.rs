//! Who is to be woken when.

use super::doors::Door;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// A heap of alarms. An alarm is not taken back when an earlier one takes its place: whoever is woken by one that is not
/// its latest goes on sleeping. (If it set another instead, there would be ever more of them.)
#[derive(Default)]
pub(crate) struct Alarms {
    heap: BinaryHeap<Reverse<Alarm>>,
}

struct Alarm {
    at: Instant,
    door: Door,
}

impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
impl Eq for Alarm {}
impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Alarm {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

impl Alarms {
    /// Wakes a transport at that time.
    pub(crate) fn set(&mut self, at: Instant, door: Door) {
        self.heap.push(Reverse(Alarm { at, door }));
    }

    /// The earliest.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse(alarm)| alarm.at)
    }

    /// Takes out one that is due.
    pub(crate) fn due(&mut self, now: Instant) -> Option<(Instant, Door)> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(alarm)| (alarm.at, alarm.door))
    }
}
