use crate::harness::{Device, House, PATIENCE, still_talks_and_ends, talk};
use futures_util::future::join_all;
use tokio::time::timeout;

/// What the thundering herd is after a server or a network was away.
const HERD: usize = 1000;

#[tokio::test]
async fn a_thousand_reconnects_at_once_are_served() {
    let house = House::open().await;
    let mut talking = talk(&house, "alice", "bob").await;
    let names: Vec<String> = (0..HERD).map(|n| format!("user{n}")).collect();

    let began = join_all(names.iter().map(|name| house.device(name))).await;
    let lost: Vec<Device> = began;
    let resumed = timeout(PATIENCE, join_all(lost.iter().map(|device| house.resume(device)))).await.expect("in time");
    assert_eq!(resumed.len(), HERD);
    drop(lost);
    for mut device in resumed.into_iter().step_by(100) {
        device.nothing_more().await;
    }
    talking.0.passes_over_quality();
    talking.1.passes_over_quality();
    still_talks_and_ends(talking).await;
}
