//! What is going to happen, in order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Everything that is to come, by its moment (virtual milliseconds since the town's beginning); what has the same moment
/// comes in the order in which it was put in.
pub(crate) struct Queue<T> {
    heap: BinaryHeap<Item<T>>,
    count: u64,
}

struct Item<T> {
    at: u64,
    number: u64,
    what: T,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { heap: BinaryHeap::new(), count: 0 }
    }

    pub(crate) fn put(&mut self, at: u64, what: T) {
        self.count += 1;
        self.heap.push(Item { at, number: self.count, what });
    }

    pub(crate) fn next(&mut self) -> Option<(u64, T)> {
        self.heap.pop().map(|item| (item.at, item.what))
    }
}

impl<T> PartialEq for Item<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl<T> Eq for Item<T> {}

impl<T> PartialOrd for Item<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Item<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first.
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}
