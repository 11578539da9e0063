use crate::hall::{Hall, in_time, talk};
use std::time::Duration;

/// The grace is for those who are lost while others are there; it begins anew with the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_for_longer_than_the_grace_ends_no_call() {
    let mut hall = Hall::open_with("[apps.policy]\ngrace_ms = 1500");
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        hall.is_killed();
        tokio::time::sleep(Duration::from_millis(3_000)).await;
        hall.starts();
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
        alice.calling.hangup();
        bob.sees(&["onUserLeave", "onCallEnd"]).await;
    })
    .await;
}
