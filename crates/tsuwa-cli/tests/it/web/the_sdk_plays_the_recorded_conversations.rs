//! `docs/conversations` is what the server says today, and what the web SDK plays exactly. With
//! `TSUWA_RECORD=1` the files are written instead of compared.

use super::admin::admin;
use crate::browser::{Browser, Devices, Tab, turn};
use crate::stage::{DEADLINE, Stage, tsuwa};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conversations")
}

/// Does what a page can't: an administrator's acts, the server's death, tickets that expire soon, waiting.
fn grant(stage: &mut Stage, wanted: &Value) -> String {
    let word = |at: usize| wanted[at].as_str().unwrap();
    match word(0) {
        "policy" => admin(stage, "PUT", "policy", word(1)),
        "end" => {
            let calls: Value = serde_json::from_str(&admin(stage, "GET", "calls", "")).unwrap();
            let call = calls["calls"][0]["callId"].as_str().unwrap().to_owned();
            admin(stage, "DELETE", &format!("calls/{call}"), "")
        }
        "kill" => {
            stage.is_killed();
            String::new()
        }
        "start" => {
            stage.starts();
            String::new()
        }
        "recorded" => {
            let path = format!("records?user={}", word(1));
            let is = || -> Value { serde_json::from_str(&admin(stage, "GET", &path, "")).unwrap() };
            let by = Instant::now() + DEADLINE;
            while is()["records"].as_array().unwrap().len().to_string() != word(2) {
                assert!(Instant::now() < by, "the records of {} are not {}", word(1), word(2));
                std::thread::sleep(Duration::from_millis(20));
            }
            String::new()
        }
        "sig" => {
            let mut sig = tsuwa();
            sig.args(["sig", word(1), "--expire", word(2), "--data"]).arg(stage.folder.join("data"));
            String::from_utf8(sig.output().unwrap().stdout).unwrap().trim().to_owned()
        }
        "wait" => {
            std::thread::sleep(Duration::from_millis(word(1).parse().unwrap()));
            String::new()
        }
        other => panic!("nobody grants {other}"),
    }
}

fn record(stage: &mut Stage, tab: &Tab, row: &str) -> Value {
    tab.eval(&format!(
        "globalThis.recorded = undefined; tsuwaConversations.record('{row}').then((all) => (recorded = {{ all }}), \
         (error) => (recorded = {{ error: String(error) }})); 0"
    ));
    // Each of its steps has a deadline of its own.
    let by = Instant::now() + 4 * DEADLINE;
    loop {
        let state = tab.eval("({ wanted: tsuwaConversations.town()?.wanted ?? null, recorded })");
        if let Some(recorded) = state.get("recorded").filter(|recorded| !recorded.is_null()) {
            assert!(recorded["error"].is_null(), "row {row}: {recorded}; {}", tab.console());
            return recorded["all"].clone();
        }
        if !state["wanted"].is_null() {
            tab.eval("tsuwaConversations.town().wanted = null");
            let answer = json!(format!("{} ", grant(stage, &state["wanted"])));
            tab.eval(&format!("tsuwaConversations.town().answer = {answer}"));
        }
        assert!(Instant::now() < by, "row {row} does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_server_says_what_is_recorded_and_the_sdk_plays_it() {
    let _turn = turn();
    let mut stage = Stage::open_to_be_killed();
    let tab = Browser::shared().tab(&format!("{}/", stage.url), Devices::Granted);
    tab.eval(include_str!("rows.js"));
    tab.eval(include_str!("conversations.js"));
    let rows = tab.eval("Object.keys(tsuwaRows).sort()");
    let rows: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
    let writes = std::env::var_os("TSUWA_RECORD").is_some();
    for row in &rows {
        let path = folder().join(format!("{row}.json"));
        let recorded = record(&mut stage, &tab, row);
        if writes {
            std::fs::write(&path, pretty(&recorded)).unwrap();
        }
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for (who, steps) in kept["conversations"].as_object().unwrap() {
            let now = recorded["conversations"][who].as_array().unwrap();
            for (at, step) in steps.as_array().unwrap().iter().enumerate() {
                assert_eq!(
                    Some(step),
                    now.get(at),
                    "row {row}, {who}, step {at}: what is recorded, what the server says"
                );
            }
            assert_eq!(now.len(), steps.as_array().unwrap().len(), "row {row}, {who}: {now:?}");
        }
    }
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str().unwrap().strip_suffix(".json").map(str::to_owned))
        .collect();
    files.sort();
    assert_eq!(files, rows, "each file is of a row, and each row has a file");
    for row in &rows {
        let kept = std::fs::read_to_string(folder().join(format!("{row}.json"))).unwrap();
        let wrong = tab.eval(&format!("tsuwaConversations.replay({kept})"));
        assert_eq!(wrong, json!([]), "row {row}, as the SDK plays it");
    }
}

/// A line for each step: files that people read, and whose changes show.
fn pretty(recorded: &Value) -> String {
    let mut text =
        format!("{{\n  \"row\": {},\n  \"title\": {},\n  \"conversations\": {{", recorded["row"], recorded["title"]);
    for (at, (who, steps)) in recorded["conversations"].as_object().unwrap().iter().enumerate() {
        let steps: Vec<String> = steps.as_array().unwrap().iter().map(|step| format!("      {step}")).collect();
        let comma = if at == 0 { "" } else { "," };
        text += &format!("{comma}\n    {}: [\n{}\n    ]", json!(who), steps.join(",\n"));
    }
    text + "\n  }\n}\n"
}
