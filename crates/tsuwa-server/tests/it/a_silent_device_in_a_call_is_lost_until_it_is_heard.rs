use crate::harness::{House, talk};
use serde_json::json;

#[tokio::test]
async fn a_silent_device_in_a_call_is_lost_until_it_is_heard() {
    let house = House::open().await;
    let (mut alice, bob, call) = talk(&house, "alice", "bob").await;
    // Pings are answered by reading, and bob does not read.
    bob.reads(false);
    let lost = alice.event("onNetworkQuality").await;
    assert_eq!(lost, json!({ "callId": call, "userId": "bob", "quality": 6 }));
    bob.reads(true);
    let back = alice.event("onNetworkQuality").await;
    assert_eq!((&back["userId"], back["quality"] == 6), (&json!("bob"), false));
}
