//! How far a log had come, said beside it.
//!
//! A database that lost its end looks like one that never had it: SQLite drops what is damaged in the write-ahead log
//! together with all that follows, without a word, and a file that was copied without its write-ahead log is a good
//! one. So the last position is written to a small file, `calls.sqlite-head`, after each append. It is not brought to
//! the disk with care; what it says is the least that must be there.

use super::keeper::beside;
use flate2::Crc;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tsuwa_exchange::LogError;

const MAGIC: u64 = u64::from_be_bytes(*b"tsuwahd1");
const BYTES: usize = 36;

/// The file, and what it says.
#[derive(Debug)]
pub(super) struct Head {
    file: File,
    /// Which start of the machine this is; what was written before it may have been lost to a power cut.
    boot: u64,
    /// The last entry that was appended.
    pub(super) last: u64,
    /// The last entry that was brought to the disk.
    pub(super) synced: u64,
}

/// What was said last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Said {
    boot: u64,
    last: u64,
    synced: u64,
}

pub(super) fn path_of(log: &Path) -> PathBuf {
    beside(log, "-head")
}

impl Said {
    /// What is said of this log; `None` if nothing, or nothing that can be read.
    pub(super) fn of(log: &Path) -> Option<Self> {
        let mut bytes = Vec::with_capacity(BYTES);
        File::open(path_of(log)).ok()?.take(BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
        let (numbers, checksum) = bytes.split_at_checked(BYTES - 4)?;
        if crc(numbers).to_le_bytes() != *checksum {
            return None;
        }
        let number = |at: usize| numbers[at * 8..at * 8 + 8].try_into().map(u64::from_le_bytes).ok();
        (number(0)? == MAGIC).then_some(Self { boot: number(1)?, last: number(2)?, synced: number(3)? })
    }

    /// Whether a log that ends at `last` (0: is empty) holds all that it must.
    ///
    /// # Errors
    /// [`LogError::Damaged`] if not. What only a power cut can have cost, and may, is merely told to the operator.
    pub(super) fn check(self, log: &Path, last: u64) -> Result<(), LogError> {
        if let Some(missing) = self.missing(log, last) {
            return Err(LogError::Damaged(missing));
        }
        if last < self.last {
            let lost = self.last - last;
            tracing::warn!(path = %log.display(), "the machine went down and took the last {lost} entries with it");
        }
        Ok(())
    }
}

impl Said {
    /// What is to be said of a log that ends at `last` and should not.
    pub(super) fn missing(self, log: &Path, last: u64) -> Option<String> {
        let must = if self.boot == boot() { self.last } else { self.synced };
        let head = path_of(log);
        (last < must).then(|| {
            format!(
                "it ends at entry {last}, and entries up to {must} were written (so says {}): the file, or the -wal \
                 file that belongs to it, is damaged, missing or older than it should be",
                head.display()
            )
        })
    }
}

impl Head {
    /// The head of a log that ends at this entry.
    pub(super) fn begin(log: &Path, last: u64) -> io::Result<Self> {
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // What was on the disk before is still there.
        let synced = Said::of(log).map_or(0, |said| said.synced.min(last));
        let mut head = Self { file: options.open(path_of(log))?, boot: boot(), last, synced };
        head.write()?;
        Ok(head)
    }

    /// Says it.
    pub(super) fn write(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(BYTES);
        for number in [MAGIC, self.boot, self.last, self.synced] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(crc(&bytes).to_le_bytes());
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&bytes)
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A number that each start of the machine has for itself; 0 where the system does not tell, and then every start is
/// taken for the same, so that a loss is never passed over.
fn boot() -> u64 {
    let id = fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    if id.is_empty() { 0 } else { u64::from(crc(&id)) << 1 | 1 }
}
