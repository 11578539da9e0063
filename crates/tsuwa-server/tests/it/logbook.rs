//! Logs on the disk, to be read, damaged and read again.

use crate::harness::Folder;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use tsuwa_exchange::{Exchange, Input, Log, LogError};
use tsuwa_proto::{AppId, Millis};
use tsuwa_server::store::{Keeper, LogSync, Store, StoreError};

pub(crate) const APP: AppId = AppId(1);

/// The app's file.
pub(crate) fn open(path: &Path) -> Result<Store, StoreError> {
    let keeper = Keeper::start().expect("a thread");
    Store::open(path, APP, LogSync::Second, &keeper)
}

/// What a start reads, or why it does not.
pub(crate) fn read(path: &Path) -> Result<usize, LogError> {
    let store = open(path).map_err(|error| error.why().clone())?;
    store.load().map(|stored| stored.tail.len())
}

/// Appends so many entries, keeps a snapshot, and appends so many again.
pub(crate) fn write(store: &mut Store, before: usize, after: usize) {
    let mut exchange = Exchange::new(APP, store.reign().expect("a reign"));
    for (count, keep) in [(before, before > 0), (after, false)] {
        for _ in 0..count {
            let entry = exchange.propose(Millis(1_000), Input::Tick);
            store.append(std::slice::from_ref(&entry)).expect("appended");
            exchange.committed(&entry);
        }
        if keep {
            store.keep(&exchange.snapshot()).expect("kept");
        }
    }
}

/// A log that was closed.
pub(crate) fn closed(folder: &Folder, before: usize, after: usize) -> PathBuf {
    let path = folder.0.join("closed.sqlite");
    write(&mut open(&path).expect("a new log"), before, after);
    path
}

/// A log as a killed process leaves it.
pub(crate) fn killed(folder: &Folder, before: usize, after: usize) -> PathBuf {
    let (from, to) = (folder.0.join("open.sqlite"), folder.0.join("killed.sqlite"));
    let mut store = open(&from).expect("a new log");
    write(&mut store, before, after);
    for part in ["", "-wal", "-head"] {
        fs::copy(beside(&from, part), beside(&to, part)).expect("a copy");
    }
    to
}

/// A file of the log's.
pub(crate) fn beside(path: &Path, part: &str) -> PathBuf {
    PathBuf::from(format!("{}{part}", path.display()))
}

/// Changes what is in it behind its back.
pub(crate) fn change(path: &Path, sql: &str) {
    Connection::open(path).and_then(|db| db.execute_batch(sql)).expect(sql);
}
