//! Where entries are kept, and one keeper of them in memory.

use crate::{Entry, Snapshot};
use std::cell::{RefCell, RefMut};
use std::fmt;
use std::rc::Rc;

/// An app's log: entries in order, and the latest snapshot.
///
/// A log has one writer at a time: who begins to reign last. [`crate::contract`] is what every implementation must pass.
pub trait Log {
    /// Begin a reign: from now on this handle may write, and no earlier one may. Gives the reign's epoch, a number
    /// higher than that of every reign before.
    ///
    /// # Errors
    /// [`LogError::Failed`] or [`LogError::Damaged`]; nothing has changed then.
    fn reign(&mut self) -> Result<u64, LogError>;

    /// Append entries, all or none. When this returns, they are kept as firmly as this log promises; before that,
    /// nothing that follows from them may be seen by anybody.
    ///
    /// # Errors
    /// [`LogError::Gap`] if the first is not the one after the last; [`LogError::Fenced`] if this handle does not reign
    /// (any more); [`LogError::Failed`] if the log could not be written. After any error the writer stops: what is in
    /// the log is to be read anew.
    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError>;

    /// Keep a snapshot in place of the one before. Entries that it covers may be dropped.
    ///
    /// # Errors
    /// [`LogError::Fenced`] or [`LogError::Failed`]; the snapshot before is still there then.
    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), LogError>;

    /// What is needed to recover.
    ///
    /// # Errors
    /// [`LogError::Failed`] if it could not be read, [`LogError::Damaged`] if it is not what was written, and
    /// [`LogError::OtherVersion`] if a program wrote the tail that took entries to mean something else.
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
    /// A later writer reigns since, or this one never did: it must not go on.
    Fenced {
        /// The epoch of who reigns, 0 if nobody ever has.
        epoch: u64,
    },
    /// What is in the log is not what was written: what is wrong, and where.
    Damaged(String),
    /// The tail was written by a program for which entries meant something else, and which was not stopped cleanly.
    OtherVersion {
        /// Its [`crate::LOG_VERSION`].
        wrote: u32,
        /// Ours.
        reads: u32,
    },
    /// The log's fault: what it says of it.
    Failed(String),
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { due, came } => write!(f, "entry {due} was due, {came} came"),
            Self::Fenced { epoch } => write!(f, "another writer has taken over (reign {epoch})"),
            Self::Damaged(what) => write!(f, "the log is damaged: {what}"),
            Self::OtherVersion { wrote, reads } => {
                write!(f, "the log's tail was written as version {wrote}, and this program reads version {reads}")
            }
            Self::Failed(what) => write!(f, "the log failed: {what}"),
        }
    }
}

impl std::error::Error for LogError {}

/// A log in memory: it lasts as long as its handles.
#[derive(Debug, Default)]
pub struct MemoryLog {
    kept: Rc<RefCell<Kept>>,
    /// The epoch of this handle's reign, 0 before.
    epoch: u64,
}

#[derive(Debug, Default)]
struct Kept {
    stored: Stored,
    epoch: u64,
}

impl MemoryLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// A second handle of the same log. It has to begin a reign of its own before it writes.
    #[must_use]
    pub fn another_handle(&self) -> Self {
        Self { kept: Rc::clone(&self.kept), epoch: 0 }
    }

    fn reigning(&self) -> Result<RefMut<'_, Kept>, LogError> {
        let kept = self.kept.borrow_mut();
        let epoch = kept.epoch;
        if epoch == 0 || epoch != self.epoch { Err(LogError::Fenced { epoch }) } else { Ok(kept) }
    }
}

impl Log for MemoryLog {
    fn reign(&mut self) -> Result<u64, LogError> {
        let mut kept = self.kept.borrow_mut();
        kept.epoch += 1;
        self.epoch = kept.epoch;
        Ok(self.epoch)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let mut kept = self.reigning()?;
        let stored = &mut kept.stored;
        let covered = stored.snapshot.as_ref().map(Snapshot::position);
        let mut last = stored.tail.last().map(|entry| entry.position).or(covered);
        for entry in entries {
            if let Some(last) = last.filter(|last| last + 1 != entry.position) {
                return Err(LogError::Gap { due: last + 1, came: entry.position });
            }
            last = Some(entry.position);
        }
        stored.tail.extend_from_slice(entries);
        Ok(())
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), LogError> {
        let mut kept = self.reigning()?;
        let covered = snapshot.position();
        kept.stored.tail.retain(|entry| entry.position > covered);
        kept.stored.snapshot = Some(snapshot.clone());
        Ok(())
    }

    fn load(&self) -> Result<Stored, LogError> {
        Ok(self.kept.borrow().stored.clone())
    }
}
