//! The tables.

use super::error::failed;
use super::records;
use rusqlite::Connection;
use tsuwa_exchange::LogError;
use tsuwa_proto::AppId;

/// "TSUW": says of an SQLite file that it is ours.
const APPLICATION: u32 = 0x5453_5557;
/// What the tables look like. A later one reads this one.
const VERSION: u32 = 1;

const LOG: &str = "
CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    input TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE snapshot (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE reigns (
    epoch INTEGER PRIMARY KEY,
    log_version INTEGER NOT NULL,
    program TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// The tables of the log; of these, the structure is checked at every start. Records are many, and a damaged one
/// endangers no call.
const CHECKED: [&str; 4] = ["entries", "snapshot", "reigns", "meta"];

/// Whether nothing was ever written to the file.
pub(super) fn is_new(db: &Connection) -> Result<bool, LogError> {
    let tables: u64 =
        db.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0)).map_err(|e| failed(&e))?;
    Ok(tables == 0)
}

/// Makes the tables of an app, all or none.
pub(super) fn make(db: &mut Connection, app: AppId) -> Result<(), LogError> {
    let mut made = || -> rusqlite::Result<()> {
        let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.execute_batch(LOG)?;
        transaction.execute_batch(records::TABLES)?;
        transaction.execute("INSERT INTO meta (name, value) VALUES ('app', ?)", [app.0.to_string()])?;
        transaction.commit()
    };
    made().map_err(|e| failed(&e))
}

/// Whether the file is one of ours, of a version that is known.
pub(super) fn check_kind(db: &Connection) -> Result<(), LogError> {
    let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(|e| failed(&e));
    if number("application_id")? != i64::from(APPLICATION) {
        return Err(LogError::Damaged("it is an SQLite file, but not one of tsuwa".to_owned()));
    }
    match number("user_version")? {
        version if version == i64::from(VERSION) => Ok(()),
        version => Err(LogError::Failed(format!(
            "its tables are of version {version}, and this program knows version {VERSION}: start the later program \
             that made it"
        ))),
    }
}

/// Which app's file it is.
pub(super) fn app(db: &Connection) -> Result<AppId, LogError> {
    let text: String = db
        .query_row("SELECT value FROM meta WHERE name = 'app'", (), |row| row.get(0))
        .map_err(|e| damage_if_missing(&e, "it does not say which app it is of"))?;
    text.parse().map(AppId).map_err(|_| LogError::Damaged(format!("\"{text}\" is no app")))
}

/// Whether the log's tables hang together.
pub(super) fn check_structure(db: &Connection) -> Result<(), LogError> {
    for table in CHECKED {
        let there = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
        db.query_row(there, [table], |_| Ok(()))
            .map_err(|e| damage_if_missing(&e, &format!("the table {table} is missing")))?;
        let said: String =
            db.query_row(&format!("PRAGMA quick_check({table})"), (), |row| row.get(0)).map_err(|e| failed(&e))?;
        if said != "ok" {
            return Err(LogError::Damaged(said.replace('\n', "; ")));
        }
    }
    Ok(())
}

fn damage_if_missing(error: &rusqlite::Error, what: &str) -> LogError {
    match error {
        rusqlite::Error::QueryReturnedNoRows => LogError::Damaged(what.to_owned()),
        error => failed(error),
    }
}
