//! Reading records without the writer: any number of looks, off its thread, each at one moment of the file.

use super::log::bytes_of;
use super::records::{self, Wanted};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tsuwa_proto::{CallId, CallRecord, DeviceId, RecentCall, UserId, limits};

/// Most looks at an app's records at once; others wait. A disk does not get faster by more.
const AT_ONCE: usize = 4;
/// A reader hardly ever waits for the writer (while the file is begun anew); then not for longer than this.
const BUSY: Duration = Duration::from_secs(2);
/// An answer over a WebSocket leaves so much of a frame to what is around it.
const RECENT_BYTES: usize = limits::FRAME_BYTES - 4 * 1024;
/// So many bytes of records are in an answer over HTTP: those of calls with many people have up to 50 kB each, and an
/// answer takes several times as much memory while it is made.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// Why records could not be read: the machine's fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the records can't be read: {}", self.0)
    }
}

impl std::error::Error for ReadError {}

/// Some of what was asked for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Page<T> {
    /// The newest first.
    pub(crate) found: Vec<T>,
    /// Whether there are older ones.
    pub(crate) more: bool,
}

/// An app's records, to be read.
#[derive(Debug)]
pub(crate) struct Records {
    path: PathBuf,
    /// `None`: the writer is at its end.
    idle: Mutex<Option<Vec<Connection>>>,
    seats: Semaphore,
}

impl Records {
    /// Those in the file of a [`super::Store`] that is open.
    pub(crate) fn at(path: &Path) -> Arc<Self> {
        let idle = Mutex::new(Some(Vec::new()));
        Arc::new(Self { path: path.to_owned(), idle, seats: Semaphore::new(AT_ONCE) })
    }

    /// The writer is at its end: the handle that it closes is to be the last, as that makes SQLite tidy up.
    pub(super) fn let_go(&self) {
        drop(self.idle().take());
    }

    /// How much of the disk the file takes that they are in, in bytes.
    pub(crate) fn file_bytes(&self) -> u64 {
        bytes_of(&self.path)
    }

    /// Records as they were written, `limit` at the most.
    pub(crate) async fn page(self: &Arc<Self>, wanted: Wanted, limit: usize) -> Result<Page<Value>, ReadError> {
        self.look(move |db| {
            let mut page = Page { found: Vec::new(), more: false };
            let mut left = PAGE_BYTES;
            records::each(db, &wanted, |text| {
                page.more = page.found.len() >= limit || (text.len() > left && !page.found.is_empty());
                if !page.more {
                    left = left.saturating_sub(text.len());
                    page.found.extend(serde_json::from_str::<Value>(text).ok());
                }
                !page.more
            })?;
            Ok(page)
        })
        .await
    }

    /// The record of a call, as it was written.
    pub(crate) async fn one(self: &Arc<Self>, call: CallId) -> Result<Option<Value>, ReadError> {
        let text = self.look(move |db| records::one(db, call)).await?;
        text.map(|text| serde_json::from_str(&text).map_err(|e| ReadError(e.to_string()))).transpose()
    }

    /// A user's calls, as seen on this device.
    pub(crate) async fn recent(
        self: &Arc<Self>,
        user: UserId,
        device: DeviceId,
        before: Option<CallId>,
        limit: usize,
    ) -> Result<Page<RecentCall>, ReadError> {
        self.look(move |db| {
            let wanted = Wanted { before, user: Some(user.clone()), ..Wanted::default() };
            let mut page = Page { found: Vec::new(), more: false };
            let mut left = RECENT_BYTES;
            records::each(db, &wanted, |text| {
                let record = serde_json::from_str::<CallRecord>(text).ok();
                let Some(seen) = record.and_then(|record| record.seen_by(&user, Some(&device))) else { return true };
                let bytes = serde_json::to_vec(&seen).map_or(0, |text| text.len() + 1);
                page.more = page.found.len() >= limit || (bytes > left && !page.found.is_empty());
                if !page.more {
                    left = left.saturating_sub(bytes);
                    page.found.push(seen);
                }
                !page.more
            })?;
            Ok(page)
        })
        .await
    }

    async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        // Nobody closes it.
        let _seat = self.seats.acquire().await.map_err(|e| ReadError(e.to_string()))?;
        let records = Arc::clone(self);
        let looked = tokio::task::spawn_blocking(move || {
            let idle = records.idle().as_mut().and_then(Vec::pop);
            let db = match idle {
                Some(db) => db,
                None => open(&records.path)?,
            };
            let seen = look(&db)?;
            // One that failed is not used again.
            if let Some(idle) = records.idle().as_mut() {
                idle.push(db);
            }
            Ok::<_, rusqlite::Error>(seen)
        });
        looked.await.map_err(|e| ReadError(e.to_string()))?.map_err(|e| ReadError(e.to_string()))
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        // Nothing panics half-way through a change of it.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY)?;
    Ok(db)
}
