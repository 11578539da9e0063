use crate::client::{Client, welcome};
use serde_json::json;

#[test]
fn no_more_requests_are_on_their_way_than_the_server_keeps() {
    let mut client = Client::signed_in();
    let ids: Vec<_> =
        (0..100).map(|_| client.request("setMicMute", json!({ "callId": "1", "isMute": true }))).collect();
    assert_eq!(client.sent_methods().len(), 64);
    client.answer(ids[0], &json!({}));
    assert_eq!(client.sent_methods().len(), 1);
    client.close();
    client.open();
    client.answer_sign_in("resume", Ok(welcome("5")));
    assert_eq!(client.next_sent()["id"], json!(ids[1]), "those without an answer go out again, in order");
    assert_eq!(client.sent_methods().len(), 63);
}
