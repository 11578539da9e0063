//! The log of a server without a disk.

use tsuwa_exchange::{Entry, Log, LogError, Snapshot, Stored};

/// A log that keeps nothing but its place. What is in a process's memory is gone with the process, and as long as that
/// lives the exchange itself is what the log would give back: to keep the entries would only cost memory.
#[derive(Debug, Default)]
pub(crate) struct Unkept {
    last: u64,
}

impl Log for Unkept {
    fn reign(&mut self) -> Result<u64, LogError> {
        Ok(1)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let mut last = self.last;
        for entry in entries {
            // The first position of all comes from the time.
            if last != 0 && entry.position != last + 1 {
                return Err(LogError::Gap { due: last + 1, came: entry.position });
            }
            last = entry.position;
        }
        self.last = last;
        Ok(())
    }

    fn keep(&mut self, _: &Snapshot) -> Result<(), LogError> {
        Ok(())
    }

    fn load(&self) -> Result<Stored, LogError> {
        Err(LogError::Failed("nothing of it was kept".to_owned()))
    }
}
