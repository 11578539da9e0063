use crate::harness::{House, PATIENCE, talk};
use crate::logbook::change;
use serde_json::json;
use tokio::time::timeout;

/// What the system says of a full disk, SQLite says in the same way.
const FAILS: &str = "CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";

#[tokio::test]
async fn and_nobody_learns_of_what_was_not_kept() {
    // Who waits for calls to end would wait longer than the test.
    let house = House::open_with(|config| config.drain = 10 * PATIENCE).await;
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;
    let path = house.config.data.calls_path(house.config.apps[0].id);
    change(&path, FAILS);
    alice.begin("hangup", json!({ "callId": call })).await;
    timeout(PATIENCE, house.server.failed()).await.expect("it notices");
    assert_eq!(house.http("GET", "/healthz", &[], None).await.0, 503);
    // Neither is the request answered nor the other one told.
    assert_ne!(alice.end().await, 1000);
    assert_ne!(bob.end().await, 1000);
    alice.heard_nothing_more();
    bob.heard_nothing_more();

    let house = house.restart_failed(|| change(&path, "DROP TRIGGER full")).await;
    let mut alice = house.resume(&alice).await;
    let bob = house.resume(&bob).await;
    assert_eq!(alice.welcome["call"]["callId"], call.as_str(), "the call goes on");
    assert_eq!(bob.welcome["call"]["callId"], call.as_str());
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
}
