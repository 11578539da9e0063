use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn a_repeated_request_is_done_once() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.device("alice").await, house.device("bob").await);
    let id = alice.begin("call", json!({ "userId": "bob", "type": 1 })).await;
    let first = alice.answer(id).await.expect("a call");
    bob.event("onInvited").await;

    // As if the answer had been lost with the socket.
    let mut alice = house.resume(&alice).await;
    alice.send_as(id, "call", json!({ "userId": "bob", "type": 1 })).await;
    assert_eq!(alice.answer(id).await, Ok(first));
    bob.nothing_more().await;
}
