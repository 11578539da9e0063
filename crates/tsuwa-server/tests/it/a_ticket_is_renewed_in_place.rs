use crate::harness::{House, now_s};
use serde_json::json;

#[tokio::test]
async fn a_ticket_is_renewed_in_place() {
    let house = House::open().await;
    let _bob = house.device("bob").await;
    let mut alice = house.socket().await;
    let mut login = house.login("alice", "phone");
    // Seconds are whole: it is good for three at the least.
    login["userSig"] = json!(house.ticket_for("alice", house.app(), now_s(), 4));
    let welcome = alice.ask("login", login).await.expect("a sign-in");
    alice.event("onUserSigExpired").await;
    assert_eq!(alice.ask("call", json!({ "userId": "bob", "type": 1 })).await, Err(70_001));
    assert_eq!(alice.ask("queryRecentCalls", json!({})).await, Err(70_001));

    let renewed = alice.ask("login", house.login("alice", "phone")).await.expect("a renewal");
    assert_eq!(renewed["sessionId"], welcome["sessionId"]);
    alice.ask("queryRecentCalls", json!({})).await.expect("a page");
    alice.call("bob").await;

    // On the same socket, only the same user's ticket can be renewed.
    assert_eq!(alice.ask("login", house.login("bob", "phone")).await, Err(-1203));
}
