use crate::client::Client;
use serde_json::json;
use tsuwa_proto::RequestId;
use tsuwa_session::ClientOutput;

/// A laptop's lid, or a machine that is too busy: the answer to the ping may lie in the socket unread.
#[test]
fn who_overslept_asks_again_before_giving_a_socket_up() {
    let mut client = Client::signed_in();
    client.session.set_in_call(client.now, true);
    client.collect();
    client.pass(1_000);
    assert_eq!(client.sent_methods(), ["ping"]);

    client.sleep(60_000);
    let ping = client.next_sent();
    assert_eq!(ping["method"], "ping", "asked again");
    assert_eq!(client.told(), []);
    client.pass(900);
    client.answer(RequestId(ping["id"].as_u64().unwrap()), &json!({}));
    client.pass(900);
    assert_eq!(client.told(), [], "the server is there");

    client.pass(200);
    client.sleep(60_000);
    client.pass(1_000);
    assert_eq!(client.told(), [ClientOutput::Lost], "it is not");
}

/// Browsers' timers may always be late.
#[test]
fn once() {
    let mut client = Client::signed_in();
    client.session.set_in_call(client.now, true);
    client.collect();
    client.pass(1_000);
    client.sleep(1_600);
    assert_eq!(client.sent_methods(), ["ping", "ping"]);
    client.sleep(1_600);
    assert_eq!(client.told(), [ClientOutput::Lost]);
}
