//! What a log holds, read by who comes after: written by us once, and since then anything may have become of it.

use crate::bytes::Bytes;
use tsuwa_exchange::{Entry, Exchange, Input, Snapshot};
use tsuwa_proto::{AppId, Millis};

/// Lines of JSON: the first may be a snapshot, the others are entries. Reading never panics, nor does recovering from
/// whatever could be read, nor going on from there.
pub fn log_record(data: &[u8]) {
    let text = Bytes::new(data).text();
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
