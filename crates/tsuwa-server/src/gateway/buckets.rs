//! Token buckets by key, in a table that can't grow without end.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tsuwa_proto::Millis;

/// How much each key may do: `burst` at once, `per_s` a second over a longer time.
///
/// The table has two generations of at most `most` keys. When the young one is full it becomes the old one, and what
/// was in the old one is forgotten; a key that is seen again moves to the young one. So a flood of new keys costs
/// memory for `2 * most` of them and no more, and makes the server forgetful at worst, never unkind.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    per_s: f64,
    burst: f64,
    most: usize,
    tables: Mutex<Tables<K>>,
}

#[derive(Debug)]
struct Tables<K> {
    young: HashMap<K, Bucket>,
    old: HashMap<K, Bucket>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Millis,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(per_s: f64, burst: f64, most: usize) -> Self {
        let tables = Tables { young: HashMap::new(), old: HashMap::new() };
        Self { per_s, burst, most, tables: Mutex::new(tables) }
    }

    /// Takes one from the key's bucket; `false` if it is empty.
    pub(crate) fn take(&self, key: K, now: Millis) -> bool {
        let mut tables = self.lock();
        let known = tables.young.get(&key).copied().or_else(|| tables.old.remove(&key));
        let mut bucket = known.unwrap_or(Bucket { left: self.burst, at: now });
        let since_s = now.since(bucket.at) as f64 / 1000.0;
        bucket.left = (bucket.left + since_s * self.per_s).min(self.burst);
        bucket.at = now;
        let allowed = bucket.left >= 1.0;
        if allowed {
            bucket.left -= 1.0;
        }
        if tables.young.len() >= self.most && !tables.young.contains_key(&key) {
            tables.old = std::mem::take(&mut tables.young);
        }
        tables.young.insert(key, bucket);
        allowed
    }

    fn lock(&self) -> MutexGuard<'_, Tables<K>> {
        // Nothing in here panics half-way through a change.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gets_its_burst_and_then_its_rate() {
        let buckets = Buckets::new(2.0, 3.0, 10);
        let took = |now| (0..10).filter(|_| buckets.take("a", Millis(now))).count();
        assert_eq!(took(0), 3);
        assert_eq!(took(1000), 2);
        assert_eq!(took(60_000), 3);
    }

    #[test]
    fn a_flood_of_keys_does_not_grow_the_table() {
        let buckets = Buckets::new(1.0, 1.0, 10);
        for key in 0..10_000 {
            buckets.take(key, Millis(0));
        }
        let tables = buckets.lock();
        assert!(tables.young.len() + tables.old.len() <= 20);
    }
}
