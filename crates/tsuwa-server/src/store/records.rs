//! Records of calls that are over: written with the log, by its writer; read by anybody, on connections of their own.

use super::error::failed;
use super::log::Store;
use super::reader::Records;
use rusqlite::{Connection, OptionalExtension, Row, Statement, params};
use std::sync::Arc;
use tsuwa_exchange::LogError;
use tsuwa_proto::{CallId, CallRecord, Millis, UserId};

/// Most records that are taken away at once: a few milliseconds of the shard's time (25 in an unoptimised build).
const PRUNED_AT_ONCE: usize = 500;

/// A record is one row, and beside it there is a row for each of its people. Calls are numbered in the order in which
/// they began, so whatever is asked for by call or by time is a range of that number.
pub(super) const TABLES: &str = "
CREATE TABLE records (
    call INTEGER PRIMARY KEY,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX records_by_start ON records (started_ms);
CREATE TABLE records_of_users (
    user TEXT NOT NULL,
    call INTEGER NOT NULL,
    PRIMARY KEY (user, call)
) STRICT, WITHOUT ROWID;
";

impl Store {
    /// Writes records, all or none. One that is there already stays as it is: it comes again after a restart between
    /// its writing and the word of it.
    ///
    /// # Errors
    /// [`LogError::Fenced`] or [`LogError::Failed`].
    pub(crate) fn keep_records(&mut self, records: &[CallRecord]) -> Result<(), LogError> {
        self.write(|transaction| keep(transaction, records))?;
        self.wrote(None)
    }

    /// Takes away the oldest records of calls that ended before this, 500 at most.
    ///
    /// # Errors
    /// [`LogError::Fenced`] or [`LogError::Failed`].
    pub(crate) fn prune_records(&mut self, before: Millis) -> Result<Pruned, LogError> {
        let pruned = self.write(|transaction| prune(transaction, number(before.0)).map_err(|e| failed(&e)))?;
        if pruned.records > 0 {
            self.wrote(None)?;
        }
        Ok(pruned)
    }

    /// The records, to be read from anywhere while this handle lives.
    pub(crate) fn records(&self) -> Arc<Records> {
        Arc::clone(&self.records)
    }
}

fn keep(db: &Connection, records: &[CallRecord]) -> Result<(), LogError> {
    for record in records {
        let text = serde_json::to_string(record).map_err(|e| LogError::Failed(e.to_string()))?;
        insert(db, record, &text).map_err(|e| failed(&e))?;
    }
    Ok(())
}

fn insert(db: &Connection, record: &CallRecord, text: &str) -> rusqlite::Result<()> {
    let call = number(record.call_id.0);
    let (started, ended) = (number(record.started_at.0), number(record.ended_at.0));
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?)")?;
    if insert.execute(params![call, started, ended, text])? == 0 {
        return Ok(());
    }
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO records_of_users VALUES (?, ?)")?;
    for user in record.users() {
        insert.execute(params![user.as_str(), call])?;
    }
    Ok(())
}

/// What was taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pruned {
    pub(crate) records: usize,
    /// Whether there may be more that are too old.
    pub(crate) more: bool,
}

fn prune(db: &Connection, before: i64) -> rusqlite::Result<Pruned> {
    let mut oldest = db.prepare_cached("SELECT call, ended_ms, record FROM records ORDER BY call LIMIT ?")?;
    let mut rows = oldest.query([PRUNED_AT_ONCE as i64])?;
    let mut last = None;
    let mut records = 0;
    while let Some(row) = rows.next()? {
        // One that is younger than it should be, its call having been long, holds up those that began after it a little.
        if row.get::<_, i64>(1)? >= before {
            break;
        }
        let call: i64 = row.get(0)?;
        // What can't be read any more has no people that could be found.
        if let Ok(record) = serde_json::from_str::<CallRecord>(&row.get::<_, String>(2)?) {
            let mut delete = db.prepare_cached("DELETE FROM records_of_users WHERE user = ? AND call = ?")?;
            for user in record.users() {
                delete.execute(params![user.as_str(), call])?;
            }
        }
        last = Some(call);
        records += 1;
    }
    if let Some(last) = last {
        db.execute("DELETE FROM records WHERE call <= ?", [last])?;
    }
    Ok(Pruned { records, more: records >= PRUNED_AT_ONCE })
}

/// Which records are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Wanted {
    /// Of calls that began before this one.
    pub(crate) before: Option<CallId>,
    /// Of calls that this user was in, or invited to.
    pub(crate) user: Option<UserId>,
    /// Of calls that began then or later …
    pub(crate) since: Option<Millis>,
    /// … and before this.
    pub(crate) until: Option<Millis>,
}

/// Gives the wanted records to `take`, the newest first, until it has enough (`false`).
pub(super) fn each(db: &Connection, wanted: &Wanted, mut take: impl FnMut(&str) -> bool) -> rusqlite::Result<()> {
    let mut below = wanted.before.map_or(i64::MAX, |call| number(call.0));
    if let Some(until) = wanted.until {
        below = below.min(first_from(db, until)?.unwrap_or(i64::MAX));
    }
    let mut from = 0;
    if let Some(since) = wanted.since {
        let Some(first) = first_from(db, since)? else { return Ok(()) };
        from = first;
    }
    let mut found: Statement<'_>;
    let mut rows = match &wanted.user {
        None => {
            found = db.prepare("SELECT record FROM records WHERE call >= ? AND call < ? ORDER BY call DESC")?;
            found.query(params![from, below])?
        }
        Some(user) => {
            found = db.prepare(
                "SELECT record FROM records_of_users JOIN records USING (call)
                 WHERE user = ? AND records_of_users.call >= ? AND records_of_users.call < ?
                 ORDER BY records_of_users.call DESC",
            )?;
            found.query(params![user.as_str(), from, below])?
        }
    };
    while let Some(row) = rows.next()? {
        if !take(row.get_ref(0)?.as_str()?) {
            break;
        }
    }
    Ok(())
}

/// The record of a call.
pub(super) fn one(db: &Connection, call: CallId) -> rusqlite::Result<Option<String>> {
    let text = |row: &Row<'_>| row.get(0);
    db.query_row("SELECT record FROM records WHERE call = ?", [number(call.0)], text).optional()
}

/// The first call that began then or later.
fn first_from(db: &Connection, at: Millis) -> rusqlite::Result<Option<i64>> {
    let first = "SELECT call FROM records WHERE started_ms >= ? ORDER BY started_ms, call LIMIT 1";
    db.query_row(first, [number(at.0)], |row| row.get(0)).optional()
}

/// SQLite's numbers are signed. All that are issued are below 2^63; what is asked for may be anything.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsuwa_proto::{CallOutcome, CallType, InvitationRecord};

    fn user(name: &str) -> UserId {
        name.parse().expect("an id")
    }

    fn record(call: u64, callee: &str, started: u64, ended: u64) -> CallRecord {
        let invitation = InvitationRecord {
            inviter: user("alice"),
            callee: user(callee),
            kind: CallType::Audio,
            at: Millis(started),
            ringing_ms: 5,
            rang: true,
            outcome: CallOutcome::NoAnswer,
            device: None,
            reason: None,
        };
        CallRecord {
            call_id: CallId(call),
            kind: CallType::Audio,
            caller: user("alice"),
            caller_device: "phone".parse().expect("an id"),
            started_at: Millis(started),
            ended_at: Millis(ended),
            talked_ms: None,
            outcome: CallOutcome::NoAnswer,
            invitations: vec![invitation],
            stays: Vec::new(),
            left_out: 0,
        }
    }

    fn store() -> Connection {
        let db = Connection::open_in_memory().expect("a database");
        db.execute_batch(TABLES).expect("tables");
        db
    }

    fn calls(db: &Connection, wanted: &Wanted) -> Vec<u64> {
        let mut calls = Vec::new();
        let took = each(db, wanted, |text| {
            calls.push(serde_json::from_str::<CallRecord>(text).expect("a record").call_id.0);
            true
        });
        took.expect("a look");
        calls
    }

    #[test]
    fn a_record_that_comes_again_changes_nothing() {
        let db = store();
        keep(&db, &[record(1, "bob", 10, 20)]).expect("kept");
        keep(&db, &[record(1, "carol", 10, 30), record(2, "carol", 11, 12)]).expect("kept");
        assert_eq!(calls(&db, &Wanted::default()), [2, 1]);
        let of = |name| calls(&db, &Wanted { user: Some(user(name)), ..Wanted::default() });
        assert_eq!((of("bob"), of("carol"), of("alice")), (vec![1], vec![2], vec![2, 1]));
        let kept: CallRecord =
            serde_json::from_str(&one(&db, CallId(1)).expect("a look").expect("a record")).expect("it");
        assert_eq!(kept.ended_at, Millis(20));
        assert_eq!(one(&db, CallId(3)), Ok(None));
    }

    #[test]
    fn a_page_is_a_span_of_time_and_of_calls() {
        let db = store();
        // The second and the third began in the same millisecond, and the first ended last.
        let records = [(1, 10, 90), (2, 20, 21), (3, 20, 25), (4, 30, 31)];
        let records = records.map(|(call, started, ended)| record(call, "bob", started, ended));
        keep(&db, &records).expect("kept");
        let at = |since: u64, until: u64| Wanted {
            since: Some(Millis(since)),
            until: Some(Millis(until)),
            ..Wanted::default()
        };
        assert_eq!(calls(&db, &at(0, 100)), [4, 3, 2, 1]);
        assert_eq!(calls(&db, &at(11, 30)), [3, 2]);
        assert_eq!(calls(&db, &at(20, 21)), [3, 2]);
        assert_eq!(calls(&db, &at(31, u64::MAX)), [0; 0]);
        assert_eq!(calls(&db, &at(30, 20)), [0; 0]);
        let before = Wanted { before: Some(CallId(3)), ..at(20, 100) };
        assert_eq!(calls(&db, &before), [2]);
        assert_eq!(calls(&db, &Wanted { before: Some(CallId(u64::MAX)), ..Wanted::default() }).len(), 4);
        assert_eq!(calls(&db, &Wanted { user: Some(user("bob")), ..before }), [2]);
    }

    #[test]
    fn what_is_too_old_goes_with_all_that_belongs_to_it() {
        let db = store();
        let records: Vec<_> = (1..=5).map(|call| record(call, "bob", call * 10, call * 10 + 5)).collect();
        keep(&db, &records).expect("kept");
        assert_eq!(prune(&db, 35), Ok(Pruned { records: 2, more: false }));
        assert_eq!(calls(&db, &Wanted::default()), [5, 4, 3]);
        assert_eq!(calls(&db, &Wanted { user: Some(user("bob")), ..Wanted::default() }), [5, 4, 3]);
        let left: i64 = db.query_row("SELECT count(*) FROM records_of_users", (), |row| row.get(0)).expect("a count");
        assert_eq!(left, 6);
        assert_eq!(prune(&db, 35), Ok(Pruned { records: 0, more: false }));
    }
}
