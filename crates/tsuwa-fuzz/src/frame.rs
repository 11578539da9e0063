//! JSON-RPC frames of both sides.

use crate::bytes::Bytes;
use serde_json::Value;
use tsuwa_proto::{FromServer, Incoming, event_frame, parse_request, parse_server, reply_frame, signal_frame};

/// Longer frames are refused by the gateway before they are read.
const LONGEST_SHOWN: usize = 512;

/// Any text as a frame: it is read or refused, and what was read goes over the wire and back unchanged.
pub fn frame(data: &[u8]) {
    let text = Bytes::new(data).text();
    from_device(&text);
    from_server(&text);
}

fn from_device(text: &str) {
    let (id, outcome) = match parse_request(text) {
        Ok(Incoming::Request(id, _)) => (Some(id), Ok(Value::Object(serde_json::Map::new()))),
        Ok(Incoming::Ack(_)) => return,
        Err(rejected) => {
            assert!(
                rejected.refusal.desc.len() <= LONGEST_SHOWN,
                "a refusal repeats what came: {:?}",
                rejected.refusal
            );
            (rejected.id, Err(rejected.refusal))
        }
    };
    // Whatever came, the answer can be read by the one who asked.
    let answer = reply_frame(id, &outcome);
    assert_eq!(parse_server(&answer), Ok(FromServer::Reply(id, outcome)), "{answer}");
}

fn from_server(text: &str) {
    let Ok(read) = parse_server(text) else { return };
    let again = match &read {
        FromServer::Event(seq, event) => event_frame(*seq, event),
        FromServer::Signal(signal) => signal_frame(signal),
        // A fraction may lose its last digit on the way; no result of ours has one.
        FromServer::Reply(_, Ok(result)) if has_fraction(result) => return,
        FromServer::Reply(id, outcome) => reply_frame(*id, outcome),
        FromServer::Unknown(_) => return,
    };
    assert_eq!(parse_server(&again), Ok(read), "{again}");
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(all) => all.iter().any(has_fraction),
        Value::Object(all) => all.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}
