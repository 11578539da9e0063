//! Rows of the log, each with its checksum.

use flate2::Crc;
use rusqlite::Row;
use serde::Deserialize;
use tsuwa_exchange::{Entry, Input, LogError, Snapshot};
use tsuwa_proto::Millis;

/// An entry as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct EntryRow {
    pub(super) position: u64,
    pub(super) at: u64,
    /// The reign in which it was written.
    pub(super) epoch: u64,
    pub(super) input: String,
    pub(super) checksum: u32,
}

/// CRC-32 of a row. It finds what a disk or a careless hand did to one; nobody is kept from forging it.
fn checksum(numbers: &[u64], body: &str) -> u32 {
    let mut crc = Crc::new();
    for number in numbers {
        crc.update(&number.to_le_bytes());
    }
    crc.update(body.as_bytes());
    crc.sum()
}

impl EntryRow {
    /// The row of an entry.
    pub(super) fn of(entry: &Entry, epoch: u64) -> Result<Self, serde_json::Error> {
        let input = serde_json::to_string(&entry.input)?;
        let (position, at) = (entry.position, entry.at.0);
        let checksum = checksum(&[position, at, epoch], &input);
        Ok(Self { position, at, epoch, input, checksum })
    }

    /// From `SELECT position, at_ms, epoch, input, checksum`.
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (position, at, epoch) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self { position, at, epoch, input: row.get(3)?, checksum: row.get(4)? })
    }

    /// The entry, or what is wrong with the row.
    pub(super) fn entry(&self) -> Result<Entry, String> {
        let Self { position, at, epoch, .. } = *self;
        if checksum(&[position, at, epoch], &self.input) != self.checksum {
            return Err(format!("entry {position} is not what was written: its checksum is wrong"));
        }
        let input: Input =
            serde_json::from_str(&self.input).map_err(|error| format!("entry {position} can't be read: {error}"))?;
        Ok(Entry { position, at: Millis(at), input })
    }
}

/// A snapshot as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SnapshotRow {
    pub(super) position: u64,
    pub(super) body: String,
    pub(super) checksum: u32,
}

impl SnapshotRow {
    /// The row of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Result<Self, serde_json::Error> {
        let (position, body) = (snapshot.position(), serde_json::to_string(snapshot)?);
        Ok(Self { position, checksum: checksum(&[position], &body), body })
    }

    /// From `SELECT position, body, checksum`.
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { position: row.get(0)?, body: row.get(1)?, checksum: row.get(2)? })
    }

    /// The snapshot, or what is wrong with the row.
    pub(super) fn snapshot(&self) -> Result<Snapshot, LogError> {
        let position = self.position;
        if checksum(&[position], &self.body) != self.checksum {
            let what = format!("the snapshot at {position} is not what was written: its checksum is wrong");
            return Err(LogError::Damaged(what));
        }
        // It is as it was written, so if it can't be read, it was written by a program of another time.
        let snapshot: Snapshot = serde_json::from_str(&self.body).map_err(|error| {
            let version = serde_json::from_str(&self.body).map_or("unknown".to_owned(), |named: Named| named.version);
            LogError::Failed(format!(
                "its snapshot is of version {version}, which this program does not read ({error}): start the later \
                 version that wrote it, or the one between"
            ))
        })?;
        if snapshot.position() != position {
            let what = format!("the snapshot at {position} says that it is at {}", snapshot.position());
            return Err(LogError::Damaged(what));
        }
        Ok(snapshot)
    }
}

/// A snapshot's version, whatever else is in it.
#[derive(Deserialize)]
struct Named {
    version: String,
}
