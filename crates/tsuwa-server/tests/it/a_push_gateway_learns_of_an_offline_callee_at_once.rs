use crate::receiver::Receiver;
use serde_json::json;

/// A push gateway as docs/webhooks.md describes one: woken by it, the callee's phone signs in and answers.
#[tokio::test]
async fn a_push_gateway_learns_of_an_offline_callee_at_once() {
    let mut receiver = Receiver::open().await;
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let params = json!({ "userId": "bob", "type": 1, "userData": "about the cat" });
    let call = alice.ask("call", params).await.expect("a call")["callId"].clone();
    receiver.next_of("call.started").await;
    let invited = receiver.next_of("call.invited").await;
    assert_eq!(
        (&invited["userId"], &invited["online"], &invited["userData"]),
        (&json!("bob"), &json!(false), &json!("about the cat"))
    );

    // It stands while the phone is woken, and the phone knows how long.
    let mut bob = house.device("bob").await;
    let rings = bob.event("onInvited").await;
    assert_eq!(rings["callId"], call);
    bob.ask("accept", json!({ "callId": call })).await.expect("an accept");
    alice.event("onUserEnter").await;
    let answered = receiver.next_of("call.answered").await;
    assert_eq!((&answered["userId"], &answered["deviceId"]), (&json!("bob"), &json!("phone")));
}

#[tokio::test]
async fn a_push_gateway_learns_when_the_ringing_is_over() {
    let mut receiver = Receiver::open().await;
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    receiver.next_of("call.started").await;
    let invited = receiver.next_of("call.invited").await;
    let rings_for = invited["expiresAt"].as_u64().expect("a moment") - crate::harness::now_s() * 1000;
    assert!((20_000..=31_000).contains(&rings_for), "{rings_for} ms");
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    assert_eq!(receiver.next_of("call.cancelled").await["userId"], "bob");
}
