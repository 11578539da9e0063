use crate::harness::House;
use serde_json::{Value, json};

fn methods() -> Vec<(&'static str, Value)> {
    vec![
        ("ping", json!({})),
        ("logout", json!({})),
        ("call", json!({ "userId": "bob", "type": 1 })),
        ("groupCall", json!({ "userIds": ["bob"], "type": 1 })),
        ("accept", json!({ "callId": "1" })),
        ("reject", json!({ "callId": "1" })),
        ("hangup", json!({ "callId": "1" })),
        ("setMicMute", json!({ "callId": "1", "isMute": true })),
        ("openCamera", json!({ "callId": "1" })),
        ("closeCamera", json!({ "callId": "1" })),
        ("mediaAnswer", json!({ "callId": "1", "offerId": 1, "sdp": "v=0" })),
        ("mediaRestart", json!({ "callId": "1" })),
    ]
}

#[tokio::test]
async fn nobody_may_do_anything_before_signing_in() {
    let house = House::open().await;
    let mut bob = house.device("bob").await;
    let mut nobody = house.socket().await;
    for (method, params) in methods() {
        assert_eq!(nobody.ask(method, params).await, Err(6014), "{method}");
    }
    assert_eq!(nobody.ask("somethingElse", json!({})).await, Err(-32_601));
    nobody.ack().await;
    // Nor after a sign-in that failed.
    let mut login = house.login("alice", "phone");
    login["userSig"] = json!("nonsense");
    assert_eq!(nobody.ask("login", login).await, Err(70_003));
    for (method, params) in methods() {
        assert_eq!(nobody.ask(method, params).await, Err(6014), "{method}");
    }
    bob.nothing_more().await;
}
