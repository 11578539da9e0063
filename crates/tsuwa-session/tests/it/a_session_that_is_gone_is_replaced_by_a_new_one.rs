use crate::client::{Client, event, welcome};
use serde_json::json;
use tsuwa_proto::{Code, EventSeq};
use tsuwa_session::ClientOutput;

#[test]
fn a_session_that_is_gone_is_replaced_by_a_new_one() {
    let mut client = Client::signed_in();
    client.event(1, &event(1));
    let lost = client.request("call", json!({ "userId": "bob", "type": 1 }));
    client.sent_methods();
    client.told();
    client.close();
    client.open();
    let resume = client.answer_sign_in("resume", Err(6014));
    assert_eq!(resume["lastSeq"], 1);
    assert_eq!(resume["resumeToken"], "token-of-5");
    let login = client.answer_sign_in("login", Ok(welcome("6")));
    assert_eq!((&login["userId"], &login["deviceId"]), (&json!("alice"), &json!("laptop")));
    let told = client.told();
    assert_eq!(told[0], ClientOutput::Lost);
    let ClientOutput::Reply { id, outcome: Err(refusal) } = &told[1] else { panic!("{told:?}") };
    assert!(*id == lost && refusal.code == Code::NoAnswer, "what the old session was asked is not asked again");
    assert!(matches!(&told[2], ClientOutput::SignedIn { welcome } if welcome.session_id.0 == 6));
    client.event(1, &event(2));
    let first = ClientOutput::Event { seq: EventSeq(1), event: event(2) };
    assert_eq!(client.told(), [first], "the new session counts its events anew");
}
