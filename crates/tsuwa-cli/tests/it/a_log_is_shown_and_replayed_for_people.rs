use crate::notebook::{Story, log};
use std::fs;
use std::path::Path;

fn one_line(text: &str, words: &[&str]) -> String {
    let found: Vec<&str> = text.lines().filter(|line| words.iter().all(|word| line.contains(word))).collect();
    assert_eq!(found.len(), 1, "one line with {words:?} in\n{text}");
    found[0].to_owned()
}

fn files(path: &Path) -> Vec<Option<Vec<u8>>> {
    ["", "-wal", "-head"].map(|part| fs::read(format!("{}{part}", path.display())).ok()).into()
}

#[test]
fn whether_its_server_runs_or_not() {
    let story = Story::told();
    let look = |path: &Path| {
        let before = files(path);
        let (status, shown) = log(&["show"], path);
        assert_eq!(status, 0, "{shown}");
        one_line(&shown, &["2026-11-23 20:44:05.123", "snapshot"]);
        one_line(&shown, &["1 calls, 2 sessions"]);
        one_line(&shown, &["        abe/abes-phone"]);
        one_line(&shown, &["2026-11-23 20:44:05.123", "zoe/zoes-phone request 2", "Hangup"]);
        let second = one_line(&shown, &["zoe/zoes-phone request 3", "Call", "abe", "zoe's secret"]);

        let (status, replayed) = log(&["replay"], path);
        assert_eq!(status, 0, "{replayed}");
        one_line(&replayed, &["-> zoe/zoes-phone answer 2"]);
        one_line(&replayed, &["-> abe/abes-phone event", "onCallEnd"]);
        one_line(&replayed, &["-> abe/abes-phone event", "onInvited", "sponsor=zoe"]);
        one_line(&replayed, &["-> record", "caller=zoe", "outcome=answered"]);
        one_line(&replayed, &["-> media: Close"]);

        let position = second.split(' ').next().unwrap();
        let (_, end) = log(&["replay", "--from", position], path);
        assert!(!end.contains("request 2") && end.contains("request 3"), "{end}");
        assert_eq!(files(path), before, "looking changes nothing");
    };
    look(&story.path);
    let (path, _folder) = story.closed();
    look(&path);
}

#[test]
fn or_says_why_there_is_nothing_to_be_seen() {
    let (path, folder) = Story::told().closed();
    let nothing = folder.join("nothing.sqlite");
    let (status, said) = log(&["show"], &nothing);
    assert_eq!(status, 2);
    assert!(said.contains("nothing.sqlite"), "{said}");
    assert!(!nothing.exists());
    fs::write(&path, "a text").unwrap();
    let (status, said) = log(&["replay"], &path);
    assert_eq!(status, 2);
    assert!(said.contains("neither"), "{said}");
}
