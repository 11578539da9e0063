use crate::client::{Client, welcome};
use serde_json::json;
use tsuwa_proto::{Code, RequestId};
use tsuwa_session::ClientOutput;

fn replies(client: &mut Client) -> Vec<(RequestId, Code)> {
    let reply = |output| match output {
        ClientOutput::Reply { id, outcome: Err(refusal) } => Some((id, refusal.code)),
        _ => None,
    };
    client.told().into_iter().filter_map(reply).collect()
}

#[test]
fn a_request_without_a_connection_is_told_so_in_time() {
    let mut client = Client::signed_in();
    client.close();
    let call = client.request("call", json!({ "userId": "bob", "type": 1 }));
    let hangup = client.request("hangup", json!({ "request": call }));
    client.pass(14_900);
    assert_eq!(replies(&mut client), []);
    client.pass(100);
    assert_eq!(replies(&mut client), [(call, Code::NoConnection), (hangup, Code::NoConnection)]);
    client.open();
    client.answer_sign_in("resume", Ok(welcome("5")));
    assert_eq!(client.sent_methods(), ["hangup"], "nobody is called any more, but an end is still carried over");
    client.answer(hangup, &json!({}));
    assert_eq!(replies(&mut client), [], "each is answered once");
}

#[test]
fn a_request_without_an_answer_is_told_so_in_time() {
    let mut client = Client::signed_in();
    let call = client.request("call", json!({ "userId": "bob", "type": 1 }));
    for _ in 0..15 {
        client.session.heard(client.now, client.link.unwrap());
        client.pass(1_000);
    }
    assert_eq!(replies(&mut client), [(call, Code::NoAnswer)]);
}
