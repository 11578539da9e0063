//! What is done for a log beside the shard's thread: bringing it to the disk's own memory, and tidying it up.

use super::head::Head;
use rusqlite::Connection;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How often logs are looked after.
const EVERY: Duration = Duration::from_secs(1);
/// From this size on, what is in the write-ahead log is copied into the file: 1,000 pages, SQLite's own default. It is
/// done here, since it waits for the disk and a shard should not.
const TIDY_AT_BYTES: u64 = 1_000 * 4_096;

/// When the log is brought to the disk's own memory (`fsync`).
///
/// A process that is killed loses nothing in either case: what was appended is with the system then. The difference is
/// a power cut, or a system that crashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LogSync {
    /// Every second: a power cut costs about the last second's calls and answers. Who saw them will be contradicted.
    #[default]
    Second,
    /// Before any effect leaves: a power cut costs nothing that anybody has seen. Each request waits for the disk.
    Always,
}

/// The thread that looks after logs. It ends with the last handle.
#[derive(Clone, Debug)]
pub struct Keeper(mpsc::Sender<Weak<Upkeep>>);

impl Keeper {
    /// Starts it.
    ///
    /// # Errors
    /// The machine refuses a thread.
    pub fn start() -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        std::thread::Builder::new().name("tsuwa-log".to_owned()).spawn(move || look_after(&receiver))?;
        Ok(Self(sender))
    }

    pub(super) fn watch(&self, upkeep: &Arc<Upkeep>) {
        // The thread lives as long as a handle does.
        let _ = self.0.send(Arc::downgrade(upkeep));
    }
}

fn look_after(new: &mpsc::Receiver<Weak<Upkeep>>) {
    let mut watched: Vec<Weak<Upkeep>> = Vec::new();
    let mut due = Instant::now() + EVERY;
    loop {
        match new.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(upkeep) => watched.push(upkeep),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                due = Instant::now() + EVERY;
                watched.retain(|upkeep| upkeep.upgrade().map(|upkeep| upkeep.tend()).is_some());
            }
        }
    }
}

/// Tells a file from every other of the machine: its device and its number there.
type FileId = (u64, u64);

#[cfg(unix)]
fn id(file: &fs::Metadata) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    Some((file.dev(), file.ino()))
}

/// Elsewhere a file that is open can't be moved.
#[cfg(not(unix))]
fn id(_: &fs::Metadata) -> Option<FileId> {
    None
}

/// What a reigning handle and the keeper share.
#[derive(Debug)]
pub(super) struct Upkeep {
    path: PathBuf,
    /// Which file that is.
    file: Option<FileId>,
    /// The write-ahead log. SQLite keeps its locks on the other two files, so closing this one releases none.
    wal: File,
    sync: LogSync,
    dirty: AtomicBool,
    /// What the disk said when it did not take something.
    failed: OnceLock<String>,
    head: Mutex<Head>,
    /// To copy with; opened when first needed.
    db: Mutex<Option<Connection>>,
}

impl Upkeep {
    pub(super) fn new(path: &Path, sync: LogSync, head: Head) -> io::Result<Self> {
        Ok(Self {
            wal: File::options().read(true).write(true).open(wal_of(path))?,
            file: id(&fs::metadata(path)?),
            path: path.to_owned(),
            sync,
            dirty: AtomicBool::new(true),
            failed: OnceLock::new(),
            head: Mutex::new(head),
            db: Mutex::new(None),
        })
    }

    /// Entries up to this one were written, if any is named.
    pub(super) fn written(&self, last: Option<u64>) -> io::Result<()> {
        if let Some(last) = last {
            let mut head = locked(&self.head);
            head.last = last;
            if self.sync == LogSync::Always {
                head.synced = last;
            }
            head.write()?;
        }
        self.dirty.store(true, Ordering::Release);
        Ok(())
    }

    /// What the disk said when it did not take what was written a moment ago.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failed.get().map(String::as_str)
    }

    fn tend(&self) {
        if !self.is_in_place() {
            self.fail("it was moved or taken away while it was written: nobody would find what is written now");
            return;
        }
        if !self.dirty.swap(false, Ordering::AcqRel) {
            return;
        }
        if let Err(error) = self.bring_to_disk() {
            // What the system could not write is lost to it, and asking again would be answered that all is well.
            self.fail(&format!("the disk did not take what was written: {error}"));
        }
        if self.wal.metadata().is_ok_and(|wal| wal.len() > TIDY_AT_BYTES)
            && let Err(error) = self.tidy()
        {
            // The writer itself does it when the write-ahead log has grown too long, and fails if that fails.
            tracing::warn!(path = %self.path.display(), %error, "a log can't be tidied up");
        }
    }

    /// Whether what is written can still be found: a file that was removed takes all that is written to it.
    fn is_in_place(&self) -> bool {
        let there = |path: &Path| fs::metadata(path).ok().and_then(|file| id(&file));
        let wal = self.wal.metadata().ok().and_then(|wal| id(&wal));
        there(&self.path) == self.file && there(&wal_of(&self.path)) == wal
    }

    fn bring_to_disk(&self) -> io::Result<()> {
        if self.sync == LogSync::Always {
            return Ok(());
        }
        let last = locked(&self.head).last;
        self.wal.sync_data()?;
        let mut head = locked(&self.head);
        head.synced = head.synced.max(last);
        head.write()
    }

    fn tidy(&self) -> rusqlite::Result<()> {
        let mut db = locked(&self.db);
        let open = match db.take() {
            Some(open) => open,
            None => Connection::open(&self.path)?,
        };
        // Does not wait for anybody, and nobody for it.
        open.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))?;
        *db = Some(open);
        Ok(())
    }

    fn fail(&self, why: &str) {
        tracing::error!(path = %self.path.display(), why, "a log failed");
        // The first reason holds.
        let _ = self.failed.set(why.to_owned());
    }

    /// The writer is at its end: the handle that it closes is to be the last, as that makes SQLite tidy up.
    pub(super) fn let_go(&self) {
        drop(locked(&self.db).take());
    }
}

/// What is behind the lock is whole whenever it is not held: it is a number or two, or a handle.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where SQLite has the write-ahead log of a file.
pub(super) fn wal_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

/// A file's neighbour.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
