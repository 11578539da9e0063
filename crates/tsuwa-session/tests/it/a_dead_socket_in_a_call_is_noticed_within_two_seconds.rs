use crate::client::Client;
use serde_json::json;
use tsuwa_proto::RequestId;
use tsuwa_session::ClientOutput;

#[test]
fn a_dead_socket_in_a_call_is_noticed_within_two_seconds() {
    let mut client = Client::signed_in();
    client.session.set_in_call(client.now, true);
    client.collect();
    client.pass(500);
    client.session.heard(client.now, client.link.unwrap());
    client.collect();
    let first = client.link;
    client.pass(1_900);
    assert_eq!(client.told(), [], "a ping is given its time");
    client.pass(100);
    assert_eq!(client.told(), [ClientOutput::Lost], "2 s after the last that was heard");
    assert!(client.link.is_some() && client.link != first, "another connection is made at once");
}

#[test]
fn a_socket_over_which_something_comes_each_second_is_not_dead() {
    let mut client = Client::signed_in();
    client.session.set_in_call(client.now, true);
    client.collect();
    for _ in 0..60 {
        // As late as over the longest ways that calls can be made on.
        client.pass(1_900);
        let ping = client.next_sent();
        assert_eq!(ping["method"], "ping");
        client.answer(RequestId(ping["id"].as_u64().unwrap()), &json!({}));
    }
    assert_eq!(client.told(), []);
}
