use crate::harness::House;
use crate::receiver::{Got, Receiver, hmac_sha256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is different each time.
const MADE: &[&str] =
    &["callId", "timestamp", "expiresAt", "startedAt", "endedAt", "at", "from", "until", "talkedMs", "ringingMs"];

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/webhooks.md");
    std::fs::read_to_string(path).expect("the document")
}

/// The part of the document under a `###` heading.
fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let (_, rest) = document.split_once(&format!("### {heading}\n")).unwrap_or_else(|| panic!("a section {heading}"));
    let end = rest.find("\n##").unwrap_or(rest.len());
    &rest[..end]
}

/// The fields of the section's table, and whether each is always there.
fn fields(section: &str) -> BTreeMap<&str, bool> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split_once('`').expect("a name")).map(|(name, rest)| (name, !rest.starts_with('?'))).collect()
}

/// Whether what came has the fields that the document says, and no other.
fn has(document: &str, heading: &str, came: &Value) {
    let fields = fields(section(document, heading));
    let names: BTreeSet<&str> = came.as_object().expect("an object").keys().map(String::as_str).collect();
    for name in &names {
        assert!(fields.contains_key(name), "{heading}: the document lacks {name}");
    }
    for (name, _) in fields.iter().filter(|(_, always)| **always) {
        assert!(names.contains(name), "{heading}: {name} did not come: {came}");
    }
}

fn compare(field: &str, said: &Value, came: &Value) {
    match (said, came) {
        (Value::Object(said), Value::Object(came)) => {
            let names = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(said), names(came));
            for (name, said) in said {
                compare(name, said, &came[name]);
            }
        }
        (Value::Array(said), Value::Array(came)) => {
            assert_eq!(said.len(), came.len(), "{field}");
            for (said, came) in said.iter().zip(came) {
                compare(field, said, came);
            }
        }
        (Value::String(said), Value::String(came)) if MADE.contains(&field) => {
            let shape = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
            assert_eq!(shape(said), shape(came), "{field}");
        }
        (Value::Number(_), Value::Number(_)) if MADE.contains(&field) => {}
        _ => assert_eq!(said, came, "{field}"),
    }
}

/// The call of the document's examples, and some with other endings: the first call's id, and all that came.
async fn play(house: &House, receiver: &mut Receiver) -> (Value, Vec<Got>) {
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;
    let params = json!({ "userIds": ["bob", "carol"], "type": 1, "userData": "about the cat" });
    let call = alice.ask("groupCall", params).await.expect("a call")["callId"].clone();
    bob.ask("accept", json!({ "callId": call })).await.expect("an accept");
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let mut calls = 1;
    let declined = alice.call("bob").await;
    bob.ask("reject", json!({ "callId": declined })).await.expect("a reject");
    calls += 1;
    let ended = alice.call("bob").await;
    assert_eq!(house.admin("DELETE", &format!("/calls/{ended}"), None).await.0, 200);
    calls += 1;
    let mut all = Vec::new();
    while calls > 0 {
        let got = receiver.next().await;
        calls -= usize::from(got.kind() == "call.ended");
        all.push(got);
    }
    (call, all)
}

#[tokio::test]
async fn the_fields_and_the_examples_are_those_of_a_real_server() {
    let mut receiver = Receiver::open().await;
    let house = receiver.house().await;
    let (call, came) = play(&house, &mut receiver).await;
    let document = document();
    let mut kinds = BTreeSet::new();
    for got in &came {
        kinds.insert(got.kind());
        let data = &got.body["data"];
        if got.kind() != "call.ended" {
            has(&document, got.kind(), data);
            continue;
        }
        has(&document, "A record", data);
        for invitation in data["invitations"].as_array().expect("a list") {
            has(&document, "An invitation", invitation);
        }
        for stay in data["stays"].as_array().expect("a list") {
            has(&document, "A stay", stay);
        }
    }
    let headings = document.lines().filter_map(|line| line.strip_prefix("### call.")).count();
    assert_eq!((kinds.len(), headings), (5, 5), "each event came, and no other is in the document");
    for kind in kinds {
        let (_, rest) = section(&document, kind).split_once("```json\n").expect("an example");
        let said: Value = serde_json::from_str(rest.lines().next().expect("a line")).expect("JSON");
        let user = &said["data"]["userId"];
        let alike = |got: &&Got| got.kind() == kind && got.call() == call && got.body["data"]["userId"] == *user;
        let like = came.iter().find(alike);
        compare("", &said, &like.unwrap_or_else(|| panic!("{kind} came")).body);
    }
}

#[test]
fn the_example_of_a_signature_is_right() {
    let document = document();
    let (_, rest) = document.split_once("```text signed\n").expect("the example");
    let lines = rest.lines().take_while(|line| *line != "```");
    let said: BTreeMap<&str, &str> =
        lines.filter_map(|line| line.split_once(' ')).map(|(k, v)| (k, v.trim())).collect();
    let key = STANDARD.decode(said["secret"].strip_prefix("whsec_").expect("the prefix")).expect("base64");
    let text = format!("{}.{}.{}", said["id"], said["timestamp"], said["body"]);
    assert_eq!(said["signature"], format!("v1,{}", STANDARD.encode(hmac_sha256(&key, text.as_bytes()))));
}
