use crate::notebook::{Story, log};
use rusqlite::Connection;
use std::fs;
use std::path::Path;

fn change(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn an_entry_that_was_changed() {
    let (path, folder) = Story::told().closed();
    change(&path, "UPDATE entries SET input = '\"Tick\"' WHERE position = (SELECT min(position) FROM entries)");
    let (status, shown) = log(&["show"], &path);
    assert_eq!(status, 1, "{shown}");
    assert!(shown.contains("DAMAGED: entry") && shown.contains("checksum"), "{shown}");
    assert!(!shown.contains("request 2") && shown.contains("request 3"), "what can be read is shown:\n{shown}");

    let (status, replayed) = log(&["replay"], &path);
    assert_eq!(status, 1);
    assert!(replayed.contains("what follows can't be replayed") && !replayed.contains("request 3"), "{replayed}");

    let report = folder.join("report.json");
    fs::write(&report, log(&["show", "--json"], &path).1).unwrap();
    assert_eq!(log(&["replay"], &report), (1, replayed), "a report says the same");
}

#[test]
fn an_entry_that_is_missing() {
    let (path, _folder) = Story::told().closed();
    change(&path, "DELETE FROM entries WHERE position = (SELECT min(position) FROM entries)");
    let (status, shown) = log(&["show"], &path);
    assert_eq!(status, 1);
    assert!(shown.contains("1 are missing") && shown.contains("request 3"), "{shown}");
}

#[test]
fn a_snapshot_that_is_none() {
    let (path, _folder) = Story::told().closed();
    change(&path, "UPDATE snapshot SET body = 'x'");
    let (status, shown) = log(&["show"], &path);
    assert_eq!(status, 1);
    assert!(shown.contains("DAMAGED: the snapshot") && shown.contains("request 3"), "{shown}");
    let (status, replayed) = log(&["replay"], &path);
    assert_eq!(status, 1);
    assert!(replayed.contains("nothing can be replayed"), "{replayed}");
}

#[test]
fn a_log_that_lost_its_end() {
    let (path, _folder) = Story::told().closed();
    change(&path, "DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)");
    let (status, shown) = log(&["show"], &path);
    assert_eq!(status, 1);
    assert!(shown.contains("request 2") && shown.contains("DAMAGED: it ends at entry"), "{shown}");
}
