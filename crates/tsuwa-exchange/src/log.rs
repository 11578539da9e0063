//! Where entries are kept, and one keeper of them in memory.

use crate::{Entry, Snapshot};
use std::fmt;

/// An app's log: entries in order, and the latest snapshot.
///
/// [`crate::contract`] is what every implementation must pass.
pub trait Log {
    /// Append entries, all or none. When this returns, they are kept as firmly as this log promises; before that,
    /// nothing that follows from them may be seen by anybody.
    ///
    /// # Errors
    /// [`LogError::Gap`] if the first is not the one after the last; [`LogError::Failed`] if the log could not be
    /// written. After any error the writer stops: what is in the log is to be read anew.
    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError>;

    /// Keep a snapshot in place of the one before. Entries that it covers may be dropped.
    ///
    /// # Errors
    /// [`LogError::Failed`]; the snapshot before is still there then.
    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), LogError>;

    /// What is needed to recover.
    ///
    /// # Errors
    /// [`LogError::Failed`] if it could not be read.
    fn load(&self) -> Result<Stored, LogError>;
}

/// What a log holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stored {
    /// The latest snapshot, if one was ever kept.
    pub snapshot: Option<Snapshot>,
    /// Every entry after it, in order.
    pub tail: Vec<Entry>,
}

/// Why a log did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LogError {
    /// The writer's fault, or another writer was there: an entry is not the next one.
    Gap {
        /// The position that was due.
        due: u64,
        /// The position that came.
        came: u64,
    },
    /// The log's fault: what it says of it.
    Failed(String),
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { due, came } => write!(f, "entry {due} was due, {came} came"),
            Self::Failed(what) => write!(f, "the log failed: {what}"),
        }
    }
}

impl std::error::Error for LogError {}

/// A log in memory: it lasts as long as the process.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemoryLog {
    stored: Stored,
}

impl MemoryLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Log for MemoryLog {
    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let covered = self.stored.snapshot.as_ref().map(Snapshot::position);
        let mut last = self.stored.tail.last().map(|entry| entry.position).or(covered);
        for entry in entries {
            if let Some(last) = last.filter(|last| last + 1 != entry.position) {
                return Err(LogError::Gap { due: last + 1, came: entry.position });
            }
            last = Some(entry.position);
        }
        self.stored.tail.extend_from_slice(entries);
        Ok(())
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), LogError> {
        let covered = snapshot.position();
        self.stored.tail.retain(|entry| entry.position > covered);
        self.stored.snapshot = Some(snapshot.clone());
        Ok(())
    }

    fn load(&self) -> Result<Stored, LogError> {
        Ok(self.stored.clone())
    }
}
