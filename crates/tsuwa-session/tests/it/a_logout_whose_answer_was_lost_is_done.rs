use crate::client::Client;
use serde_json::json;
use tsuwa_session::ClientOutput;

#[test]
fn a_logout_whose_answer_was_lost_is_done() {
    let mut client = Client::signed_in();
    let id = client.request("logout", json!({}));
    assert_eq!(client.sent_methods(), ["logout"]);
    client.close();
    client.told();
    client.open();
    client.answer_sign_in("resume", Err(6014));
    assert_eq!(client.told(), [ClientOutput::Reply { id, outcome: Ok(json!({})) }, ClientOutput::SignedOut]);
    client.pass(60_000);
    assert_eq!(client.link, None);
}
