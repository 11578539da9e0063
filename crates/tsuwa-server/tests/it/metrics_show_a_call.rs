use crate::harness::{House, talk};
use serde_json::json;

async fn value(house: &House, row: &str) -> Option<f64> {
    let (status, page) = house.http("GET", "/metrics", &[], None).await;
    assert_eq!(status, 200);
    page.lines().find_map(|line| line.strip_prefix(row)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn metrics_show_a_call() {
    let house = House::open().await;
    let app = house.app();
    let live = format!("tsuwa_calls_live{{app=\"{app}\"}}");
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;
    assert_eq!(value(&house, &live).await, Some(1.0));
    assert_eq!(value(&house, &format!("tsuwa_sessions{{app=\"{app}\"}}")).await, Some(2.0));
    assert_eq!(value(&house, "tsuwa_sockets").await, Some(2.0));
    assert_eq!(value(&house, "tsuwa_call_to_ringing_seconds_count").await, Some(1.0));
    let accepted = format!("tsuwa_invitations_total{{app=\"{app}\",outcome=\"accepted\"}}");
    assert_eq!(value(&house, &accepted).await, Some(1.0));
    assert!(value(&house, "tsuwa_append_seconds_count").await.is_some_and(|count| count >= 4.0));
    assert!(value(&house, "tsuwa_media_packets_received_total").await.is_some());
    assert!(value(&house, "tsuwa_media_packets_lost_total").await.is_some());

    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    bob.event("onUserLeave").await;
    bob.event("onCallEnd").await;
    alice.call("bob").await;
    let rejected = bob.event("onInvited").await;
    bob.ask("reject", json!({ "callId": rejected["callId"] })).await.expect("a reject");
    alice.event("onReject").await;
    alice.event("onCallEnd").await;
    assert_eq!(value(&house, &live).await, Some(0.0));
    for outcome in ["answered", "rejected"] {
        let row = format!("tsuwa_calls_total{{app=\"{app}\",outcome=\"{outcome}\"}}");
        assert_eq!(value(&house, &row).await, Some(1.0), "{outcome}");
    }
    let (_, page) = house.http("GET", "/metrics", &[], None).await;
    assert!(!page.contains("alice") && !page.contains("bob"), "who calls whom is nobody's business");
}
