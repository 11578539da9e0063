use crate::harness::House;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn records_go_when_they_are_old_enough() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");

    let house = house.restart_with(|config| config.records_kept = None).await;
    assert_eq!(house.admin("GET", &format!("/records/{call}"), None).await.0, 200, "for ever is for ever");

    let house = house.restart_with(|config| config.records_kept = Some(Duration::from_millis(1))).await;
    assert_eq!(house.admin("GET", &format!("/records/{call}"), None).await.0, 404);
    assert_eq!(house.admin("GET", "/records", None).await.1["records"], json!([]));
    let mut alice = house.device("alice").await;
    let recent = alice.ask("queryRecentCalls", json!({})).await.expect("a page");
    assert_eq!(recent, json!({ "calls": [], "more": false }));
}
