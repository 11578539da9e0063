use crate::harness::{House, talk};
use serde_json::json;

#[tokio::test]
async fn a_device_that_signs_in_anew_takes_over_its_session() {
    let house = House::open().await;
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;

    let mut anew = house.device_named("bob", "phone").await;
    assert_ne!(anew.welcome["sessionId"], bob.welcome["sessionId"]);
    assert_eq!(anew.welcome["call"]["callId"], call.as_str());
    assert_eq!(anew.welcome["call"]["stage"], "talking");
    assert_eq!(bob.end().await, 4003);
    assert_eq!(anew.event("onUserEnter").await, json!({ "callId": call, "userId": "alice" }));

    anew.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    alice.event("onUserLeave").await;
    alice.event("onCallEnd").await;
    alice.nothing_more().await;
}
