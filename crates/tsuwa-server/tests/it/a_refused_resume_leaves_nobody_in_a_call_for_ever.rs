use crate::harness::{House, talk};
use serde_json::json;

/// A device that claims to have seen events which nobody has made is sent away, and its earlier connection with it: from
/// then on it is lost like anybody whose socket is gone.
#[tokio::test]
async fn a_refused_resume_leaves_nobody_in_a_call_for_ever() {
    let house = House::open().await;
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;
    let mut from_the_future = house.resume_params(&alice);
    from_the_future["lastSeq"] = json!(1_000);
    let mut socket = house.socket().await;
    assert_eq!(socket.ask("resume", from_the_future).await, Err(6014));
    assert_eq!(alice.end().await, 4004);
    let lost = bob.event("onNetworkQuality").await;
    assert_eq!(lost, json!({ "callId": call, "userId": "alice", "quality": 6 }));

    // The call is still there for who comes back as it should.
    let mut alice = house.resume(&alice).await;
    assert_eq!(alice.welcome["call"]["callId"], call.as_str());
    bob.event("onNetworkQuality").await;
    alice.nothing_more().await;
}
