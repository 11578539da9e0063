use crate::client::{Client, welcome};
use serde_json::json;
use tsuwa_proto::Code;
use tsuwa_session::ClientOutput;

/// Somebody pressed the red button over and over while there was no connection. The next call can be hung up all the
/// same, however full the queue is.
#[test]
fn one_can_always_hang_up() {
    let mut client = Client::signed_in();
    client.close();
    for _ in 0..1_000 {
        client.request("hangup", json!({ "callId": "7" }));
    }
    let next = client.request("hangup", json!({ "callId": "8" }));
    let refused = |output: &ClientOutput| match output {
        ClientOutput::Reply { id, outcome: Err(refusal) } => {
            assert!(refusal.code != Code::RateLimited || *id != next);
            true
        }
        _ => false,
    };
    let answered = client.told().iter().filter(|output| refused(output)).count();
    client.pass(60_000);
    let later = client.told().iter().filter(|output| refused(output)).count();
    assert_eq!(answered + later, 1_001, "everybody is answered once");
    client.open();
    client.answer_sign_in("resume", Ok(welcome("5")));
    let mut heard = false;
    while client.has_sent() {
        let frame = client.next_sent();
        heard |= frame["params"]["callId"] == "8";
        let id = frame["id"].as_u64().map(tsuwa_proto::RequestId).unwrap();
        client.answer(id, &json!({}));
    }
    assert!(heard, "the server hears of it");
}

/// The same where the queue is full of other things.
#[test]
fn whatever_else_was_asked_for_leaves_room_to_hang_up() {
    let mut client = Client::signed_in();
    client.close();
    for before in 0..300 {
        client.request("queryRecentCalls", json!({ "before": before.to_string() }));
    }
    client.told();
    client.request("hangup", json!({ "callId": "8" }));
    assert!(client.told().is_empty(), "it is not refused");
    client.open();
    client.answer_sign_in("resume", Ok(welcome("5")));
    let mut heard = false;
    while client.has_sent() {
        let frame = client.next_sent();
        heard |= frame["params"]["callId"] == "8";
        client.answer(frame["id"].as_u64().map(tsuwa_proto::RequestId).unwrap(), &json!({}));
    }
    assert!(heard, "the server hears of it");
}

#[test]
fn other_requests_are_refused_when_there_are_too_many() {
    let mut client = Client::signed_in();
    client.close();
    for _ in 0..256 {
        client.request("hangup", json!({ "callId": "7" }));
    }
    client.told();
    let call = client.request("call", json!({ "userId": "bob", "type": 1 }));
    let is_refused = |output: &ClientOutput| matches!(output, ClientOutput::Reply { id, outcome: Err(refusal) } if *id == call && refusal.code == Code::RateLimited);
    assert!(client.told().iter().any(is_refused));
}

/// It counted as one request too many. The other side is not to hear silence for ever.
#[test]
fn a_hangup_that_the_server_had_no_time_for_is_said_again() {
    for close in [false, true] {
        let mut client = Client::signed_in();
        let hangup = client.request("hangup", json!({ "callId": "7" }));
        assert_eq!(client.next_sent()["method"], "hangup");
        client.refuse(hangup, Code::RateLimited);
        assert!(client.told().is_empty(), "nobody is told yet");
        let call = client.request("call", json!({ "userId": "bob", "type": 1 }));
        assert!(!client.has_sent(), "what is asked for next waits, or it would be into that call");
        if close {
            client.close();
            client.open();
            client.answer_sign_in("resume", Ok(welcome("5")));
        } else {
            client.pass(999);
            assert!(!client.has_sent());
            client.pass(1);
        }
        let frame = client.next_sent();
        assert_eq!((&frame["method"], &frame["id"]), (&json!("hangup"), &json!(hangup)), "under its number");
        assert_eq!(client.next_sent()["method"], "call");
        client.answer(hangup, &json!({}));
        client.answer(call, &json!({}));
        assert_eq!(client.told().len(), 2 + usize::from(close) * 2, "both are answered once");
    }
}

#[test]
fn other_requests_that_the_server_had_no_time_for_are_refused() {
    let mut client = Client::signed_in();
    let call = client.request("call", json!({ "userId": "bob", "type": 1 }));
    client.next_sent();
    client.refuse(call, Code::RateLimited);
    assert!(
        matches!(&client.told()[..], [ClientOutput::Reply { outcome: Err(refusal), .. }] if refusal.code == Code::RateLimited)
    );
    client.pass(5_000);
    assert!(!client.has_sent());
}
