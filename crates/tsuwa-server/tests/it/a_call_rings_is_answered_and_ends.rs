use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn a_call_rings_is_answered_and_ends() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.device("alice").await, house.device("bob").await);

    let params = json!({ "userId": "bob", "type": 1, "userData": "about the cat" });
    let called = alice.ask("call", params).await.expect("a call");
    let call = called["callId"].clone();
    assert_eq!(called, json!({ "callId": call, "type": 1, "invitationId": 0 }));
    let mut invited = bob.event("onInvited").await;
    let rings_for = invited["ringsForMs"].take().as_u64().expect("a number");
    assert!((1..=30_000).contains(&rings_for), "{rings_for}");
    let invitation = invited["invitationId"].clone();
    assert!(invitation.as_u64() > Some(0), "{invitation}");
    assert_eq!(
        invited,
        json!({
            "callId": call, "invitationId": invitation, "sponsor": "alice", "userIds": [], "isFromGroup": false, "type": 1,
            "ringsForMs": null, "userData": "about the cat",
        })
    );

    let accepted = bob.ask("accept", json!({ "callId": call })).await.expect("an accept");
    assert_eq!(accepted, json!({ "callId": call, "type": 1, "invitationId": invitation }));
    assert_eq!(alice.event("onUserEnter").await, json!({ "callId": call, "userId": "bob" }));
    assert_eq!(bob.event("onUserEnter").await, json!({ "callId": call, "userId": "alice" }));

    assert_eq!(alice.ask("hangup", json!({ "callId": call })).await, Ok(json!({})));
    assert_eq!(bob.event("onUserLeave").await, json!({ "callId": call, "userId": "alice", "reason": 0 }));
    assert_eq!(bob.event("onCallEnd").await, json!({ "callId": call }));
    alice.nothing_more().await;
    bob.nothing_more().await;
}
