//! A disk, and the log on it.

use tsuwa_exchange::{Entry, Log, LogError, Snapshot, Stored};

/// What it will do at the next append or snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failing {
    /// Nothing is written, and it says so.
    Append,
    /// All is written, and yet it says that it failed: a sync that was not answered.
    AppendAllTheSame,
    /// The snapshot is not written.
    Keep,
}

/// Outlives every process. What is on it is what was serialised: a state that can't be written and read back shows.
#[derive(Default)]
pub(crate) struct Disk {
    snapshot: Option<(u64, String)>,
    tail: Vec<Entry>,
    last: u64,
    reign: u64,
    /// Every entry that was ever appended.
    pub(crate) whole: Vec<Entry>,
    pub(crate) failing: Option<Failing>,
}

impl Log for Disk {
    fn reign(&mut self) -> Result<u64, LogError> {
        self.reign += 1;
        Ok(self.reign)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let mut last = self.last;
        for entry in entries {
            if last != 0 && entry.position != last + 1 {
                return Err(LogError::Gap { due: last + 1, came: entry.position });
            }
            last = entry.position;
        }
        let failing = self.failing.take_if(|failing| *failing != Failing::Keep);
        if failing == Some(Failing::Append) {
            return Err(LogError::Failed("no space left".to_owned()));
        }
        self.last = last;
        self.tail.extend_from_slice(entries);
        self.whole.extend_from_slice(entries);
        if failing.is_some() { Err(LogError::Failed("no answer from the disk".to_owned())) } else { Ok(()) }
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), LogError> {
        if self.failing.take_if(|failing| *failing == Failing::Keep).is_some() {
            return Err(LogError::Failed("no space left".to_owned()));
        }
        let text = serde_json::to_string(snapshot).map_err(|error| LogError::Failed(error.to_string()))?;
        let covered = snapshot.position();
        self.tail.retain(|entry| entry.position > covered);
        self.snapshot = Some((covered, text));
        Ok(())
    }

    fn load(&self) -> Result<Stored, LogError> {
        let bad = |error: serde_json::Error| LogError::Damaged(error.to_string());
        let snapshot = match &self.snapshot {
            Some((_, text)) => Some(serde_json::from_str(text).map_err(bad)?),
            None => None,
        };
        let read = |entry: &Entry| serde_json::from_str(&serde_json::to_string(entry).map_err(bad)?).map_err(bad);
        let tail = self.tail.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Stored { snapshot, tail })
    }
}
