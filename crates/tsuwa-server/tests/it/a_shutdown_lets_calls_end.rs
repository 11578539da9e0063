use crate::harness::{House, PATIENCE, talk};
use serde_json::json;
use std::future::pending;
use std::time::Instant;
use tokio::time::timeout;

#[tokio::test]
async fn a_shutdown_lets_calls_end() {
    let house = House::open_with(|config| config.drain = PATIENCE).await;
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;
    let mut carol = house.device("carol").await;
    let (ready, _) = house.http("GET", "/readyz", &[], None).await;
    assert_eq!(ready, 200);

    house.server.shut_down();
    let (ready, _) = house.http("GET", "/readyz", &[], None).await;
    assert_eq!(ready, 503);
    assert_eq!(carol.ask("call", json!({ "userId": "alice", "type": 1 })).await, Err(-100_013));
    let mut dave = house.socket().await;
    assert_eq!(dave.ask("login", house.login("dave", "phone")).await, Err(-100_013));

    // The talk goes on, over a lost socket too, and the server waits for it.
    let House { server, config: _, .. } = &house;
    assert_eq!(server.live_calls(), 1);
    bob.lose_socket().await;
    let mut bob = house.resume(&bob).await;
    let began = Instant::now();
    let joining = tokio::spawn(house.server.join(pending()));
    bob.nothing_more().await;
    assert!(!joining.is_finished());
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    bob.event("onUserLeave").await;
    bob.event("onCallEnd").await;
    assert_eq!(bob.end().await, 1001);
    assert_eq!(carol.end().await, 1001);
    assert!(timeout(PATIENCE, joining).await.expect("an end in time").expect("no panic"), "it ended well");
    assert!(began.elapsed() < PATIENCE, "it did not wait for longer than there were calls");
}
