use crate::harness::{House, talk};
use serde_json::json;

async fn value(house: &House, name: &str) -> Option<f64> {
    let (_, page) = house.http("GET", "/metrics", &[], None).await;
    let row = format!("{name}{{app=\"{}\"", house.app());
    page.lines().find_map(|line| line.strip_prefix(&row)?.rsplit(' ').next()?.parse().ok())
}

#[tokio::test]
async fn metrics_count_the_calls_that_a_log_brings_along() {
    let house = House::open().await;
    let (alice, bob, call) = talk(&house, "alice", "bob").await;
    assert!(value(&house, "tsuwa_log_bytes").await.is_some_and(|bytes| bytes > 4096.0));
    assert!(value(&house, "tsuwa_log_entries").await.is_some_and(|entries| entries >= 4.0));

    let house = house.restart().await;
    assert_eq!(value(&house, "tsuwa_calls_live").await, Some(1.0));
    let mut alice = house.resume(&alice).await;
    let _bob = house.resume(&bob).await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    // When this is answered, all that follows from the first is done.
    assert!(alice.ask("hangup", json!({ "callId": call })).await.is_err());
    assert_eq!(value(&house, "tsuwa_calls_live").await, Some(0.0));
    assert_eq!(value(&house, "tsuwa_calls_total").await, Some(1.0));
    assert!(value(&house, "tsuwa_log_entries").await.is_some_and(|entries| entries >= 4.0), "since the snapshot");
}
