use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn a_resumed_session_misses_and_doubles_nothing() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.device("alice").await, house.device("bob").await);
    let call = alice.call("bob").await;
    bob.event("onInvited").await;
    bob.lose_socket().await;

    // What happens while bob is away …
    let mut carol = house.device("carol").await;
    assert_eq!(carol.ask("call", json!({ "userId": "bob", "type": 1 })).await.map(|_| ()), Ok(()));
    carol.event("onLineBusy").await;
    carol.event("onCallEnd").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let second = alice.call("bob").await;

    // … comes when he is back: what he has had does not come again.
    let mut bob = house.resume(&bob).await;
    assert_eq!(bob.event("onCallingCancel").await, json!({ "callId": call }));
    assert_eq!(bob.event("onInvited").await["callId"], second);
    bob.nothing_more().await;
    bob.ask("accept", json!({ "callId": second })).await.expect("an accept");
    alice.event("onUserEnter").await;
    bob.event("onUserEnter").await;

    // The same again, with all of it acknowledged.
    bob.ack().await;
    let mut bob = house.resume(&bob).await;
    assert_eq!(bob.welcome["call"]["stage"], "talking");
    bob.nothing_more().await;
    alice.nothing_more().await;
}
