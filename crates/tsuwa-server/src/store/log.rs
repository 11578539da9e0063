//! The log of an exchange, in the file.

use super::error::{StoreError, failed};
use super::head::{self, Head, Said};
use super::keeper::{Keeper, LogSync, Upkeep, wal_of};
use super::reader::Records;
use super::row::{EntryRow, SnapshotRow};
use super::schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tsuwa_exchange::{Entry, LOG_VERSION, Log, LogError, Snapshot, Stored};
use tsuwa_proto::AppId;

/// Somebody else's hand (an operator's `sqlite3`) may hold the file for so long.
const BUSY: Duration = Duration::from_secs(5);
/// The keeper copies the write-ahead log into the file long before; if it does not get round to that, the writer does
/// at so many pages (16 MiB, which a start after a kill reads in some ten milliseconds).
const BACKSTOP_PAGES: u32 = 4_096;

/// An app's file, held to write.
#[derive(Debug)]
pub struct Store {
    pub(super) db: Connection,
    path: PathBuf,
    sync: LogSync,
    keeper: Keeper,
    reign: Option<Reign>,
    /// Who reads beside the writer.
    pub(super) records: Arc<Records>,
}

/// From [`Log::reign`] on.
#[derive(Debug)]
struct Reign {
    epoch: u64,
    /// The last entry's position, `None` in a log that never had one.
    last: Option<u64>,
    upkeep: Arc<Upkeep>,
}

impl Store {
    /// Opens an app's file, and makes it if it is not there. Nothing is written to one that is there before
    /// [`Log::reign`].
    ///
    /// # Errors
    /// It can't be used, and why. It is left as it was.
    pub fn open(path: &Path, app: AppId, sync: LogSync, keeper: &Keeper) -> Result<Self, StoreError> {
        open(path, app, sync)
            .map(|db| {
                let records = Records::at(path);
                Self { db, path: path.to_owned(), sync, keeper: keeper.clone(), reign: None, records }
            })
            .map_err(|why| StoreError::new(path, why))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much of the disk it takes, in bytes.
    pub fn bytes(&self) -> u64 {
        bytes_of(&self.path)
    }

    /// The version of the program that reigned last, as text.
    pub fn program(&self) -> Option<String> {
        self.db.query_row("SELECT program FROM reigns ORDER BY epoch DESC LIMIT 1", (), |row| row.get(0)).ok()
    }

    /// One transaction of who reigns.
    pub(super) fn write<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let mine = self.reign.as_ref().map(|reign| reign.epoch);
        if let Some(why) = self.reign.as_ref().and_then(|reign| reign.upkeep.failure()) {
            return Err(LogError::Failed(why.to_owned()));
        }
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|e| failed(&e))?;
        let epoch = latest_epoch(&transaction).map_err(|e| failed(&e))?;
        if mine != Some(epoch) {
            return Err(LogError::Fenced { epoch });
        }
        let done = change(&transaction)?;
        transaction.commit().map_err(|e| failed(&e))?;
        Ok(done)
    }

    /// Something was written: the entries up to `last`, if any, or something beside them.
    pub(super) fn wrote(&mut self, last: Option<u64>) -> Result<(), LogError> {
        let Some(reign) = &mut self.reign else { return Ok(()) };
        reign.last = last.or(reign.last);
        reign
            .upkeep
            .written(last)
            .map_err(|e| LogError::Failed(format!("{}: {e}", head::path_of(&self.path).display())))
    }
}

impl Log for Store {
    fn reign(&mut self) -> Result<u64, LogError> {
        self.let_go();
        // It does not depend on what the file remembers of earlier reigns alone: that may have been moved away.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let least = u64::try_from(now.as_millis()).unwrap_or_default();
        let mut begun = || -> rusqlite::Result<(u64, Option<u64>)> {
            // A copy that SQLite made may have another.
            self.db.pragma_update(None, "journal_mode", "WAL")?;
            let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let epoch = (latest_epoch(&transaction)? + 1).max(least);
            let last = last_position(&transaction)?;
            let unused = "DELETE FROM reigns WHERE epoch NOT IN (SELECT epoch FROM entries)";
            transaction.execute(unused, ())?;
            let sql = "INSERT INTO reigns (epoch, log_version, program) VALUES (?, ?, ?)";
            transaction.execute(sql, (epoch, LOG_VERSION, env!("CARGO_PKG_VERSION")))?;
            transaction.commit()?;
            // From now on, who closes the file may tidy it up.
            self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
            Ok((epoch, last))
        };
        let (epoch, last) = begun().map_err(|e| failed(&e))?;
        let disk = |e: io::Error| LogError::Failed(e.to_string());
        let head = Head::begin(&self.path, last.unwrap_or(0)).map_err(disk)?;
        let upkeep = Arc::new(Upkeep::new(&self.path, self.sync, head).map_err(disk)?);
        self.keeper.watch(&upkeep);
        self.reign = Some(Reign { epoch, last, upkeep });
        Ok(epoch)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let mut last = self.reign.as_ref().and_then(|reign| reign.last);
        let (epoch, first) = (self.reign.as_ref().map_or(0, |reign| reign.epoch), last.is_none());
        let mut rows = Vec::with_capacity(entries.len());
        let mut gap = Ok(());
        for entry in entries {
            if let Some(last) = last.filter(|last| last + 1 != entry.position) {
                gap = Err(LogError::Gap { due: last + 1, came: entry.position });
                break;
            }
            last = Some(entry.position);
            rows.push(EntryRow::of(entry, epoch).map_err(|e| LogError::Failed(e.to_string()))?);
        }
        self.write(|transaction| {
            // Who does not reign is told that first.
            gap?;
            if let Some(row) = rows.first().filter(|_| first) {
                let sql = "INSERT INTO meta (name, value) VALUES ('first', ?)";
                transaction.execute(sql, [row.position.to_string()]).map_err(|e| failed(&e))?;
            }
            insert(transaction, &rows).map_err(|e| failed(&e))
        })?;
        self.wrote(last)
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), LogError> {
        let row = SnapshotRow::of(snapshot).map_err(|e| LogError::Failed(e.to_string()))?;
        self.write(|transaction| replace(transaction, &row).map_err(|e| failed(&e)))?;
        self.wrote(None)
    }

    fn load(&self) -> Result<Stored, LogError> {
        let snapshot = self.snapshot().map_err(|e| failed(&e))?;
        let snapshot = snapshot.map(|row| row.snapshot()).transpose()?;
        let covered = snapshot.as_ref().map(Snapshot::position);
        self.check_version(covered.unwrap_or(0))?;
        let tail = self.tail(covered)?;
        let last = tail.last().map(|entry| entry.position).or(covered).unwrap_or(0);
        if self.reign.is_none()
            && let Some(said) = Said::of(&self.path)
        {
            said.check(&self.path, last)?;
        }
        Ok(Stored { snapshot, tail })
    }
}

impl Store {
    fn snapshot(&self) -> rusqlite::Result<Option<SnapshotRow>> {
        let sql = "SELECT position, body, checksum FROM snapshot";
        self.db.query_row(sql, (), SnapshotRow::read).optional()
    }

    /// Every entry behind this position.
    fn tail(&self, covered: Option<u64>) -> Result<Vec<Entry>, LogError> {
        let first = "SELECT value FROM meta WHERE name = 'first'";
        let first: Option<String> =
            self.db.query_row(first, (), |row| row.get(0)).optional().map_err(|e| failed(&e))?;
        let mut due = covered.map(|covered| covered + 1).or_else(|| first.and_then(|text| text.parse().ok()));
        let sql = "SELECT position, at_ms, epoch, input, checksum FROM entries WHERE position > ? ORDER BY position";
        let mut statement = self.db.prepare(sql).map_err(|e| failed(&e))?;
        let rows = statement.query_map([covered.unwrap_or(0)], EntryRow::read).map_err(|e| failed(&e))?;
        let mut tail = Vec::new();
        for row in rows {
            let row = row.map_err(|e| failed(&e))?;
            if let Some(due) = due.filter(|due| *due != row.position) {
                let came = row.position;
                return Err(LogError::Damaged(format!("entry {due} is missing; the next one is {came}")));
            }
            due = Some(row.position + 1);
            tail.push(row.entry().map_err(LogError::Damaged)?);
        }
        match (due, covered, tail.is_empty()) {
            (Some(due), None, true) => Err(LogError::Damaged(format!("entry {due} is missing, and all that followed"))),
            _ => Ok(tail),
        }
    }

    /// Whether entries behind this position were all written by a program for which they meant the same.
    fn check_version(&self, covered: u64) -> Result<(), LogError> {
        let sql = "SELECT reigns.log_version FROM entries LEFT JOIN reigns USING (epoch) \
                   WHERE position > ? AND log_version IS NOT ? LIMIT 1";
        let other = self.db.query_row(sql, (covered, LOG_VERSION), |row| row.get::<_, Option<u32>>(0));
        match other.optional().map_err(|e| failed(&e))? {
            None => Ok(()),
            Some(Some(wrote)) => Err(LogError::OtherVersion { wrote, reads: LOG_VERSION }),
            Some(None) => Err(LogError::Damaged("it does not say which version wrote an entry of it".to_owned())),
        }
    }

    fn let_go(&mut self) {
        if let Some(reign) = self.reign.take() {
            reign.upkeep.let_go();
        }
    }
}

/// How much of the disk an app's file takes, with what is not copied into it yet.
pub(super) fn bytes_of(path: &Path) -> u64 {
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    size(path) + size(&wal_of(path))
}

impl Drop for Store {
    fn drop(&mut self) {
        self.let_go();
        self.records.let_go();
    }
}

fn open(path: &Path, app: AppId, sync: LogSync) -> Result<Connection, LogError> {
    if is_missing(path)? {
        made(path).map_err(|e| LogError::Failed(e.to_string()))?;
    }
    let mut db = Connection::open(path).map_err(|e| failed(&e))?;
    let ready = || -> rusqlite::Result<()> {
        // Until somebody reigns, the file is not to be changed by merely having been opened.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        db.busy_timeout(BUSY)?;
        db.set_prepared_statement_cache_capacity(64);
        db.pragma_update(None, "synchronous", if sync == LogSync::Always { "FULL" } else { "NORMAL" })?;
        db.pragma_update(None, "wal_autocheckpoint", BACKSTOP_PAGES)?;
        db.pragma_update(None, "journal_size_limit", u64::from(BACKSTOP_PAGES) * 4096)
    };
    ready().map_err(|e| failed(&e))?;
    if schema::is_new(&db)? {
        // One whose tables were all in what is gone of its write-ahead log looks like it, too.
        if let Some(missing) = was_there(path) {
            return Err(LogError::Damaged(missing));
        }
        db.pragma_update(None, "journal_mode", "WAL").map_err(|e| failed(&e))?;
        schema::make(&mut db, app)?;
    } else {
        schema::check_kind(&db)?;
        schema::check_structure(&db)?;
        let of = schema::app(&db)?;
        if of != app {
            return Err(LogError::Failed(format!("it is of app {}, not of app {}", of.0, app.0)));
        }
    }
    Ok(db)
}

/// Whether there is no file yet, or one without anything in it, as it is at the very beginning. SQLite would clear away
/// what lies beside such a file.
fn is_missing(path: &Path) -> Result<bool, LogError> {
    let size = match fs::metadata(path) {
        Ok(file) => Some(file.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(LogError::Failed(error.to_string())),
    };
    let wal = wal_of(path);
    match size {
        Some(0) | None if fs::metadata(&wal).is_ok_and(|wal| wal.len() > 0) => {
            let is = if size.is_none() { "missing" } else { "empty" };
            let what = format!("it is {is}, but what was written to it last is still there, in {}", wal.display());
            Err(LogError::Damaged(what))
        }
        Some(1..) => Ok(false),
        size => match was_there(path) {
            Some(missing) => {
                let is = if size.is_none() { "missing" } else { "empty" };
                Err(LogError::Damaged(format!("it is {is}: {missing}")))
            }
            None => Ok(size.is_none()),
        },
    }
}

/// What is said beside it of a log that was there once; `None` if there was none, or a power cut may have taken it.
fn was_there(path: &Path) -> Option<String> {
    Said::of(path)?.missing(path, 0)
}

/// An empty file, for its owner only, that is still there after a power cut. What is said beside it of one that a power cut
/// took does not hold for it.
fn made(path: &Path) -> io::Result<()> {
    match fs::remove_file(head::path_of(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.sync_all()?;
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn latest_epoch(db: &Connection) -> rusqlite::Result<u64> {
    let mut statement = db.prepare_cached("SELECT coalesce(max(epoch), 0) FROM reigns")?;
    statement.query_row((), |row| row.get(0))
}

/// The last entry's position, be it only in the snapshot.
fn last_position(db: &Connection) -> rusqlite::Result<Option<u64>> {
    let sql = "SELECT max(position) FROM (SELECT max(position) AS position FROM entries \
               UNION ALL SELECT position FROM snapshot)";
    db.query_row(sql, (), |row| row.get(0))
}

fn insert(db: &Connection, rows: &[EntryRow]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO entries (position, at_ms, epoch, input, checksum) VALUES (?, ?, ?, ?, ?)";
    let mut statement = db.prepare_cached(sql)?;
    for row in rows {
        let EntryRow { position, at, epoch, input, checksum } = row;
        statement.execute((position, at, epoch, input, checksum))?;
    }
    Ok(())
}

fn replace(db: &Connection, row: &SnapshotRow) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO snapshot (only, position, body, checksum) VALUES (1, ?, ?, ?)";
    db.execute(sql, (row.position, &row.body, row.checksum))?;
    db.execute("DELETE FROM entries WHERE position <= ?", [row.position])?;
    Ok(())
}
