//! Looking at a file without touching it, as far as it can be read: for people, and for bug reports.

use super::head::Said;
use super::keeper::wal_of;
use super::row::{EntryRow, SnapshotRow};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tsuwa_exchange::{Entry, LogError, Snapshot};
use tsuwa_proto::AppId;

/// The writer holds the file for less.
const BUSY: Duration = Duration::from_secs(5);

/// What of a file could be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LogFile {
    /// Whose it is.
    pub app: Option<AppId>,
    /// The version of the program that wrote it last.
    pub program: Option<String>,
    /// The [`tsuwa_exchange::LOG_VERSION`] of the program that wrote it last.
    pub log_version: Option<u32>,
    /// The snapshot, or what is wrong with it; `None`: there is none.
    pub snapshot: Option<Result<Snapshot, String>>,
    /// Every entry that is there, in order, or what is wrong with it.
    pub entries: Vec<Result<Entry, String>>,
    /// What else is wrong.
    pub faults: Vec<String>,
}

impl LogFile {
    /// Reads a file at one moment of it, be it a running server's or a damaged one. The file is not changed.
    ///
    /// # Errors
    /// Nothing of it can be read, and why.
    pub fn read(path: &Path) -> Result<Self, String> {
        let db = open(path).map_err(|e| e.to_string())?;
        let mut found = Self::default();
        // One moment for all that follows.
        let began =
            db.execute_batch("BEGIN").and_then(|()| db.query_row("SELECT 1 FROM sqlite_schema", (), |_| Ok(())));
        began.map_err(|e| e.to_string())?;
        found.read_names(&db);
        let sql = "SELECT position, body, checksum FROM snapshot";
        match db.query_row(sql, (), SnapshotRow::read).optional() {
            Ok(row) => found.snapshot = row.map(|row| row.snapshot().map_err(|error| plain(&error))),
            Err(error) => found.snapshot = Some(Err(format!("the snapshot can't be read: {error}"))),
        }
        if let Err(error) = found.read_entries(&db) {
            found.faults.push(format!("the entries behind these can't be read: {error}"));
        }
        found.check_end(path);
        Ok(found)
    }

    fn read_names(&mut self, db: &Connection) {
        let app = db.query_row("SELECT value FROM meta WHERE name = 'app'", (), |row| row.get::<_, String>(0));
        match app.as_deref().map(str::parse) {
            Ok(Ok(app)) => self.app = Some(AppId(app)),
            _ => self.faults.push("it does not say which app it is of".to_owned()),
        }
        let sql = "SELECT program, log_version FROM reigns ORDER BY epoch DESC LIMIT 1";
        match db.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?))).optional() {
            Ok(Some((program, version))) => (self.program, self.log_version) = (Some(program), Some(version)),
            Ok(None) => {}
            Err(error) => self.faults.push(format!("which program wrote it can't be read: {error}")),
        }
    }

    fn read_entries(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT position, at_ms, epoch, input, checksum FROM entries ORDER BY position";
        let mut statement = db.prepare(sql)?;
        let mut due = self.covered().map(|covered| covered + 1);
        for row in statement.query_map((), EntryRow::read)? {
            let row = row?;
            if let Some(due) = due.filter(|due| *due < row.position) {
                let missing = row.position - due;
                self.entries.push(Err(format!("from entry {due} on, {missing} are missing")));
            }
            due = Some(row.position + 1);
            self.entries.push(row.entry());
        }
        Ok(())
    }

    /// The last entry that is in the snapshot.
    fn covered(&self) -> Option<u64> {
        self.snapshot.as_ref()?.as_ref().ok().map(Snapshot::position)
    }

    fn check_end(&mut self, path: &Path) {
        let entry = self.entries.iter().rev().find_map(|entry| entry.as_ref().ok());
        let last = entry.map(|entry| entry.position).max(self.covered()).unwrap_or(0);
        // A running server writes while this is read, so what is said may be ahead of what was seen, but not of what is
        // there a moment later.
        if let Some(fault) = Said::of(path).and_then(|said| said.missing(path, last)) {
            let there = open(path).and_then(|db| {
                db.query_row("SELECT coalesce(max(position), 0) FROM entries", (), |row| row.get::<_, u64>(0))
            });
            if there.map_or(true, |there| there <= last) {
                self.faults.push(fault);
            }
        }
    }
}

fn plain(error: &LogError) -> String {
    match error {
        LogError::Damaged(what) | LogError::Failed(what) => what.clone(),
        other => other.to_string(),
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let alone = fs::metadata(wal_of(path)).map_or(true, |wal| wal.len() == 0);
    let db = if alone && fs::metadata(path).is_ok() {
        // Nobody has it open, so no lock is needed, nor a place to make one.
        Connection::open_with_flags(uri(path), flags | OpenFlags::SQLITE_OPEN_URI)?
    } else {
        Connection::open_with_flags(path, flags)?
    };
    db.busy_timeout(BUSY)?;
    Ok(db)
}

fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            byte => uri += &format!("%{byte:02x}"),
        }
    }
    uri + "?immutable=1"
}
