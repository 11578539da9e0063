//! A tail is replayed by a program other than the one that wrote it whenever both have the same [`LOG_VERSION`]. So
//! whoever changes what follows from an entry has to change that number, too; this is where it shows.

use crate::story::story;
use crate::town::{APP, EPOCH};
use std::fmt::Write;
use std::path::PathBuf;
use tsuwa_exchange::{EffectKind, Entry, Exchange, LOG_VERSION, Log};
use tsuwa_proto::{event_frame, reply_frame};

/// Set it to record a log for a new version.
const RECORD: &str = "TSUWA_RECORD";

fn file(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/logs/version-{LOG_VERSION}.{kind}"))
}

fn read(kind: &str) -> String {
    let path = file(kind);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; for a new LOG_VERSION run this test with {RECORD}=1", path.display())
    })
}

/// What everybody was told, a line each, and then the state.
fn account(entries: &[Entry]) -> String {
    let mut exchange = Exchange::new(APP, EPOCH);
    let mut account = String::new();
    for entry in entries {
        exchange.committed(entry);
        while let Some(effect) = exchange.poll_effect() {
            let (position, index) = (effect.id.position - entries[0].position, effect.id.index);
            let what = match effect.what {
                EffectKind::Reply { session, id, outcome } => format!("{session} {}", reply_frame(Some(id), &outcome)),
                EffectKind::Event { session, seq, event } => format!("{session} {}", event_frame(seq, &event)),
                EffectKind::Record(record) => format!("record {}", serde_json::to_string(&record).unwrap()),
                EffectKind::Hook(hook) => format!("hook {}", serde_json::to_string(&hook).unwrap()),
                EffectKind::Media(command) => format!("media {}", serde_json::to_string(&command).unwrap()),
                other => format!("{other:?}"),
            };
            writeln!(account, "{position}.{index} {what}").unwrap();
        }
    }
    account + &serde_json::to_string_pretty(&exchange.snapshot()).unwrap() + "\n"
}

#[test]
fn a_recorded_log_still_means_the_same() {
    if std::env::var_os(RECORD).is_some() {
        let tail = story(u64::from(LOG_VERSION) + 3, 500).log.load().unwrap().tail;
        let lines = tail.iter().map(|entry| serde_json::to_string(entry).unwrap() + "\n");
        std::fs::write(file("jsonl"), lines.collect::<String>()).unwrap();
        std::fs::write(file("txt"), account(&tail)).unwrap();
    }
    let entries: Vec<Entry> = read("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (was, is) = (read("txt"), account(&entries));
    for (number, (was, is)) in was.lines().zip(is.lines()).enumerate() {
        assert_eq!(was, is, "line {number}: the same entries mean something else: raise LOG_VERSION");
    }
    assert_eq!(was.len(), is.len(), "the same entries have more or fewer consequences: raise LOG_VERSION");
}
