use crate::harness::{House, PATIENCE, talk};
use std::future::pending;
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn a_shutdown_waits_for_calls_only_so_long() {
    let house = House::open_with(|config| config.drain = Duration::from_millis(300)).await;
    let (mut alice, _bob, _) = talk(&house, "alice", "bob").await;
    let joined = timeout(PATIENCE, house.server.join(pending())).await.expect("an end in time");
    assert!(joined, "it ended well");
    assert_eq!(alice.end().await, 1001);

    // And one who is in a hurry does not wait at all.
    let house = House::open_with(|config| config.drain = 10 * PATIENCE).await;
    let (mut alice, _bob, _) = talk(&house, "alice", "bob").await;
    timeout(PATIENCE, house.server.join(async {})).await.expect("an end in time");
    assert_eq!(alice.end().await, 1001);
}
