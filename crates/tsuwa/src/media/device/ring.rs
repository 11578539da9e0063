//! Samples between two threads, one that writes and one that reads; neither waits for the other.

use std::sync::atomic::{AtomicI16, AtomicUsize, Ordering};

/// Samples that fit in: 0.34 s.
const SLOTS: usize = 16_384;

/// One writer, one reader. (With several nothing breaks but the sound.)
pub(super) struct Ring {
    slots: Box<[AtomicI16]>,
    /// How many were ever written and read.
    written: AtomicUsize,
    read: AtomicUsize,
}

impl Ring {
    pub(super) fn new() -> Self {
        let slots = (0..SLOTS).map(|_| AtomicI16::new(0)).collect();
        Self { slots, written: AtomicUsize::new(0), read: AtomicUsize::new(0) }
    }

    /// Samples to be read.
    pub(super) fn len(&self) -> usize {
        self.written.load(Ordering::Acquire).wrapping_sub(self.read.load(Ordering::Acquire)).min(SLOTS)
    }

    /// Adds what fits; the rest is dropped.
    pub(super) fn write(&self, samples: &[i16]) {
        let begin = self.written.load(Ordering::Relaxed);
        let count = samples.len().min(SLOTS - self.len());
        for (i, &sample) in samples[..count].iter().enumerate() {
            self.slots[begin.wrapping_add(i) % SLOTS].store(sample, Ordering::Relaxed);
        }
        self.written.store(begin.wrapping_add(count), Ordering::Release);
    }

    /// Takes out as many as there are, at most `samples.len()`; gives how many.
    pub(super) fn read(&self, samples: &mut [i16]) -> usize {
        let begin = self.read.load(Ordering::Relaxed);
        let count = samples.len().min(self.len());
        for (i, sample) in samples[..count].iter_mut().enumerate() {
            *sample = self.slots[begin.wrapping_add(i) % SLOTS].load(Ordering::Relaxed);
        }
        self.read.store(begin.wrapping_add(count), Ordering::Release);
        count
    }

    /// Passes over the oldest, so that at most `keep` are left. For the reader.
    pub(super) fn keep(&self, keep: usize) {
        let over = self.len().saturating_sub(keep);
        self.read.fetch_add(over, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::{Ring, SLOTS};

    #[test]
    fn what_is_written_is_read_once_and_in_order_and_what_does_not_fit_is_dropped() {
        let ring = Ring::new();
        let mut out = [0; 4];
        for round in 0..10_000i16 {
            ring.write(&[round, round, round]);
            assert_eq!(ring.read(&mut out), 3);
            assert_eq!(out[..3], [round; 3]);
        }
        ring.write(&vec![7; SLOTS + 5]);
        assert_eq!(ring.len(), SLOTS);
        ring.keep(2);
        assert_eq!(ring.read(&mut out), 2);
    }
}
