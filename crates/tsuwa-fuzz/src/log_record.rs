//! What a log holds, read by who comes after: written by us once, and since then anything may have become of it.

use crate::bytes::Bytes;
use serde_json::Value;
use tsuwa_exchange::{Entry, Exchange, Input, Snapshot};
use tsuwa_proto::{AppId, Millis};

/// Snapshots in which some talk, and what came after: of a time when invitations had no ids, and of now.
const WRITTEN: [&str; 2] = [
    include_str!("../../../fuzz/corpus/log_record/snapshot-and-tail-7"),
    include_str!("../../../fuzz/corpus/log_record/invitations"),
];

/// Lines of JSON: the first may be a snapshot, the others are entries. Reading never panics, nor does recovering from
/// whatever could be read, nor going on from there. After a byte of 1 or 2 the input is not the lines but what becomes of
/// some that were written by us.
pub fn log_record(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    match data.first() {
        Some(which @ 1..=2) => {
            bytes.byte();
            read(&damaged(WRITTEN[usize::from(which - 1)], &mut bytes));
        }
        _ => read(&bytes.text()),
    }
}

/// The lines, with other values in some places, or without some.
fn damaged(written: &str, bytes: &mut Bytes<'_>) -> String {
    let mut lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for _ in 0..=bytes.below(4) {
        let line = bytes.below(4 * lines.len());
        // Mostly the snapshot, which has most to be damaged.
        let at = line.saturating_sub(3 * lines.len());
        let mut place = usize::from(bytes.byte()) | usize::from(bytes.byte() & 0x0f) << 8;
        place %= count(&lines[at]);
        if let Some(value) = nth(&mut lines[at], &mut place) {
            damage(value, bytes);
        }
    }
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(all) => all.iter().map(count).sum(),
        Value::Object(all) => all.values().map(count).sum(),
        _ => 0,
    }
}

/// The value at this place, counted as it is written.
fn nth<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(all) => all.iter_mut().find_map(|one| nth(one, place)),
        Value::Object(all) => all.values_mut().find_map(|one| nth(one, place)),
        _ => None,
    }
}

fn damage(value: &mut Value, bytes: &mut Bytes<'_>) {
    *value = match (value.take(), bytes.below(6)) {
        (Value::Number(number), choice) => {
            let number = number.as_u64().unwrap_or_default();
            [0, 1, number.wrapping_add(1), number / 2, u64::MAX, bytes.number()][choice].into()
        }
        (Value::String(text), choice) if text.parse::<u64>().is_ok() => {
            ["0", "1", "7", "18446744073709551615", "9223372036854775808", "x"][choice].into()
        }
        (Value::String(_), choice) => ["A", "B", "C", "1", "2", ""][choice].into(),
        (Value::Array(mut all), choice) if !all.is_empty() => {
            let at = bytes.below(all.len());
            if choice < 3 {
                all.remove(at);
            } else {
                all.push(all[at].clone());
            }
            Value::Array(all)
        }
        (Value::Object(mut all), choice) if !all.is_empty() => {
            let names: Vec<String> = all.keys().cloned().collect();
            let (name, other) = (bytes.one(&names), bytes.one(&names));
            match all.remove(&name) {
                Some(gone) if choice >= 3 => drop(all.insert(other, gone)),
                _ => {}
            }
            Value::Object(all)
        }
        (Value::Bool(flag), _) => (!flag).into(),
        (_, choice) => [Value::Null, 1.into(), "A".into(), Value::Array(Vec::new()), u64::MAX.into(), true.into()]
            .into_iter()
            .nth(choice)
            .unwrap_or_default(),
    };
}

fn read(text: &str) {
    let mut lines = text.lines().peekable();
    let snapshot: Option<Snapshot> = lines.peek().and_then(|line| serde_json::from_str(line).ok());
    if let Some(snapshot) = &snapshot {
        lines.next();
        let written = serde_json::to_string(snapshot).expect("what was read can be written");
        assert_eq!(serde_json::from_str::<Snapshot>(&written).ok().as_ref(), Some(snapshot), "and read again");
    }
    let tail: Vec<Entry> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    for entry in &tail {
        let written = serde_json::to_string(entry).expect("what was read can be written");
        assert_eq!(serde_json::from_str::<Entry>(&written).ok().as_ref(), Some(entry), "and read again");
    }
    let Ok(mut exchange) = Exchange::recover(AppId(1), 2, snapshot, &tail) else { return };
    take(&mut exchange, Input::Started);
    // A log that says what time it is may say anything; what is due is due.
    for _ in 0..64 {
        let Some(due) = exchange.deadline() else { break };
        tick(&mut exchange, due);
    }
    let again = exchange.snapshot();
    let written = serde_json::to_string(&again).expect("a snapshot can be written");
    assert_eq!(serde_json::from_str::<Snapshot>(&written).ok(), Some(again), "and read");
}

fn tick(exchange: &mut Exchange, due: Millis) {
    let entry = exchange.propose(due, Input::Tick);
    exchange.committed(&entry);
    while exchange.poll_effect().is_some() {}
}

fn take(exchange: &mut Exchange, input: Input) {
    let entry = exchange.propose(exchange.moment(), input);
    exchange.committed(&entry);
    while exchange.poll_effect().is_some() {}
}
