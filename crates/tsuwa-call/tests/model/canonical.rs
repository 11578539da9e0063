//! States that differ only in their past are one: that is what makes the number of states finite, with no limit on how
//! many requests are made.
//!
//! What follows from a state depends on no moment as such but on how far off each deadline is, and on no call's id as
//! such but on the order of the ids. So the hash by which the checker knows a state again sees deadlines as distances
//! from now, everything in the past as one moment, ids by the order in which they come up, and no durations. To tell
//! them apart, the model issues them in ranges of their own.

use std::hash::Hasher;

/// Ids of calls are issued from here on.
pub(crate) const IDS_FROM: u64 = 1_000_000_000_000;
/// The clock begins here, in milliseconds.
pub(crate) const TIME_FROM: u64 = 1_000 * IDS_FROM;
/// A moment that never comes.
pub(crate) const FAR: u64 = 1_000 * TIME_FROM;

/// A hasher that passes on what matters of a state.
pub(crate) struct Canonical<'a, H> {
    inner: &'a mut H,
    now: u64,
    ids: Vec<u64>,
}

impl<'a, H: Hasher> Canonical<'a, H> {
    pub(crate) fn new(inner: &'a mut H, now: u64) -> Self {
        Self { inner, now, ids: Vec::new() }
    }

    fn rank(&mut self, id: u64) -> u64 {
        let place = self.ids.iter().position(|known| *known == id).unwrap_or_else(|| {
            self.ids.push(id);
            self.ids.len() - 1
        });
        place as u64
    }
}

impl<H: Hasher> Hasher for Canonical<'_, H> {
    fn finish(&self) -> u64 {
        self.inner.finish()
    }

    /// Lengths, names and which variant it is come here.
    fn write(&mut self, bytes: &[u8]) {
        self.inner.write(bytes);
    }

    /// Moments, ids and durations are all the 64-bit numbers that there are.
    fn write_u64(&mut self, number: u64) {
        let seen = match number {
            FAR.. => FAR,
            TIME_FROM.. => number.saturating_sub(self.now),
            IDS_FROM.. => self.rank(number),
            _ => 0,
        };
        self.inner.write_u64(seen);
    }
}
