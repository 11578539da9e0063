//! The torture set: messages that are valid but odd, or hostile, each with the answer that is expected; in the spirit of
//! RFC 4475. `tests/torture` has them, a file for each kind.

use serde_json::Value;

/// The messages of a file, each with `name`, `what` it is, and what is expected.
pub(crate) fn set(kind: &str) -> Vec<Value> {
    let path = format!("{}/tests/torture/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a file of the torture set");
    let set: Vec<Value> = serde_json::from_str(&text).expect("a list");
    let mut names: Vec<&str> = set.iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    assert!(!set.is_empty() && names.len() == set.len(), "each has a name of its own");
    set
}

pub(crate) fn name(message: &Value) -> &str {
    message["name"].as_str().expect("a name")
}

/// A text, or a list of texts of which some are `[text, times]`.
pub(crate) fn text(written: &Value) -> String {
    match written {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(part).collect(),
        other => panic!("no text: {other}"),
    }
}

fn part(part: &Value) -> String {
    match part {
        Value::String(text) => text.clone(),
        repeated => {
            let times = repeated[1].as_u64().expect("how often") as usize;
            repeated[0].as_str().expect("what").repeat(times)
        }
    }
}
