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
