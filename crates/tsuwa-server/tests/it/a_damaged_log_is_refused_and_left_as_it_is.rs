use crate::harness::Folder;
use crate::logbook::{beside, change, closed, killed, open, read};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tsuwa_exchange::{Log, LogError};

/// What was done to the rows of a log with a snapshot, and what the refusal must tell of.
const ROWS: &[(&str, &str)] = &[
    ("UPDATE entries SET input = '\"Started\"' WHERE position = (SELECT max(position) FROM entries)", "checksum"),
    ("UPDATE entries SET at_ms = at_ms + 1 WHERE position = (SELECT min(position) FROM entries)", "checksum"),
    ("UPDATE entries SET epoch = epoch + 1; UPDATE reigns SET epoch = epoch + 1", "checksum"),
    ("DELETE FROM entries WHERE position = (SELECT min(position) FROM entries)", "is missing"),
    ("DELETE FROM entries WHERE position = (SELECT min(position) + 2 FROM entries)", "is missing"),
    ("DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)", "it ends at entry"),
    ("DELETE FROM entries", "it ends at entry"),
    ("DELETE FROM reigns", "which version"),
    ("DELETE FROM snapshot", "is missing"),
    ("UPDATE snapshot SET position = position - 1", "checksum"),
    ("UPDATE snapshot SET body = replace(body, '1000', '1001')", "checksum"),
    ("DELETE FROM meta", "which app"),
    ("DROP TABLE entries", "entries is missing"),
    ("UPDATE meta SET value = CAST(x'ff' AS TEXT) WHERE name = 'app'", "utf-8"),
    ("UPDATE snapshot SET body = CAST(x'ff' AS TEXT)", "utf-8"),
    ("UPDATE entries SET epoch = -1 WHERE position = (SELECT max(position) FROM entries)", ""),
    ("PRAGMA application_id = 7", "not one of tsuwa"),
];

/// The same of one without.
const ROWS_WITHOUT_SNAPSHOT: &[(&str, &str)] = &[
    ("DELETE FROM entries WHERE position = (SELECT min(position) FROM entries)", "is missing"),
    ("DELETE FROM entries", "is missing"),
];

fn refused(path: &Path, what: &str, tells: &str) {
    let files = || {
        // No file and an empty one say the same.
        let all = ["", "-wal", "-head"].map(|part| (part, fs::read(beside(path, part)).unwrap_or_default()));
        BTreeMap::from(all)
    };
    let before = files();
    for _ in 0..2 {
        let error = read(path).expect_err(what);
        let LogError::Damaged(why) = &error else { panic!("{what}: {error}") };
        assert!(why.contains(tells), "{what}: {why}");
    }
    let changed = files().iter().any(|(part, bytes)| before[part] != *bytes);
    assert!(!changed, "{what}: a refused log is left as it is");
}

/// Turns a byte over.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("the file");
    bytes[at] ^= 0x20;
    fs::write(path, bytes).expect("written");
}

#[test]
fn a_row_that_is_not_what_was_written() {
    for (rows, before) in [(ROWS, 3), (ROWS_WITHOUT_SNAPSHOT, 0)] {
        for (sql, tells) in rows {
            let folder = Folder::new();
            let path = closed(&folder, before, 5);
            assert_eq!(read(&path), Ok(5), "it is good before");
            change(&path, sql);
            refused(&path, sql, tells);
        }
    }
}

#[test]
fn what_was_written_last_before_the_process_was_killed() {
    let frame = 24 + 4096;
    let wal_bytes = {
        let folder = Folder::new();
        let path = killed(&folder, 3, 5);
        assert_eq!(read(&path), Ok(5), "it is good before");
        fs::metadata(beside(&path, "-wal")).map_or(0, |wal| wal.len() as usize)
    };
    type Damage<'a> = (&'a str, &'a dyn Fn(&Path));
    let damages: &[Damage<'_>] = &[
        ("a byte of its head", &|wal| flip(wal, 17)),
        ("a byte near its middle", &|wal| flip(wal, 32 + wal_bytes / frame / 2 * frame + 1_000)),
        ("a byte of its end", &|wal| flip(wal, wal_bytes - 5)),
        ("its second half", &|wal| {
            let bytes = fs::read(wal).expect("the file");
            fs::write(wal, &bytes[..bytes.len() / 2]).expect("written");
        }),
        ("all of it", &|wal| fs::remove_file(wal).expect("removed")),
        ("all that is in it", &|wal| fs::write(wal, "").expect("written")),
    ];
    for (what, damage) in damages {
        let folder = Folder::new();
        let path = killed(&folder, 3, 5);
        damage(&beside(&path, "-wal"));
        refused(&path, what, "");
    }
}

#[test]
fn a_file_that_is_none() {
    let folder = Folder::new();
    let path = closed(&folder, 3, 5);
    let whole = fs::read(&path).expect("the file");
    for at in [3, 40, 105] {
        flip(&path, at);
        // Some bytes of a file's head mean nothing, but none makes it tell something else.
        match open(&path).map_err(|error| error.why().clone()).and_then(|store| store.load()) {
            Ok(stored) => assert_eq!(stored.tail.len(), 5),
            Err(error) => assert!(matches!(error, LogError::Damaged(_)), "byte {at}: {error}"),
        }
        fs::write(&path, &whole).expect("written");
    }
    fs::write(&path, "not a database, and rather longer than its first sixteen bytes are").expect("written");
    refused(&path, "a text", "not a database");
    fs::write(&path, &whole[..whole.len() / 2]).expect("written");
    refused(&path, "half a file", "");
    fs::write(&path, "").expect("written");
    refused(&path, "an empty file", "is empty");
    fs::remove_file(&path).expect("removed");
    refused(&path, "no file where there was one", "it is missing");
    assert!(!path.exists(), "and none is made in its place");
    fs::write(beside(&path, "-wal"), "what was written last").expect("written");
    refused(&path, "a -wal file alone", "it is missing");
}

#[test]
fn and_what_to_do_is_said() {
    let folder = Folder::new();
    let path = closed(&folder, 3, 5);
    fs::write(&path, "").expect("written");
    let said = open(&path).map(drop).expect_err("an empty file").to_string();
    let tells = [path.display().to_string(), "tsuwa log show".to_owned(), "move it away".to_owned()];
    assert!(tells.iter().all(|word| said.contains(word)), "{said}");
}

#[test]
fn one_that_was_moved_away_with_all_that_lies_beside_it_begins_anew() {
    let folder = Folder::new();
    let path = closed(&folder, 3, 5);
    for part in ["", "-head"] {
        fs::remove_file(beside(&path, part)).expect("removed");
    }
    assert_eq!(read(&path), Ok(0));
}

/// Such as `VACUUM INTO` makes.
#[test]
fn a_whole_copy_with_another_journal_is_taken() {
    let folder = Folder::new();
    let path = closed(&folder, 3, 5);
    change(&path, "PRAGMA journal_mode = DELETE");
    let mut store = open(&path).expect("a log");
    assert_eq!(store.load().map(|stored| stored.tail.len()), Ok(5));
    store.reign().expect("a reign");
}
