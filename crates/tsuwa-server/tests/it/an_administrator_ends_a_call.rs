use crate::harness::{House, talk};
use serde_json::json;

#[tokio::test]
async fn an_administrator_ends_a_call() {
    let house = House::open().await;
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;
    let (status, calls) = house.admin("GET", "/calls", None).await;
    assert_eq!(status, 200);
    assert_eq!(calls["calls"][0]["callId"], call.as_str());
    let members: Vec<_> = calls["calls"][0]["members"].as_array().expect("a list").iter().collect();
    assert_eq!(members[0]["userId"], "alice");
    assert_eq!(members[1]["userId"], "bob");

    assert_eq!(house.admin("DELETE", &format!("/calls/{call}"), None).await, (200, json!({})));
    let ended = json!({ "callId": call, "reason": "ended_by_server" });
    assert_eq!(alice.event("onCallEnd").await, ended);
    assert_eq!(bob.event("onCallEnd").await, ended);
    assert_eq!(house.admin("GET", "/calls", None).await, (200, json!({ "calls": [] })));
    let (status, refusal) = house.admin("DELETE", &format!("/calls/{call}"), None).await;
    assert_eq!((status, &refusal["error"]["code"]), (404, &json!(8010)));
}
