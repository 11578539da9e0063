use crate::hall::{Hall, in_time};

/// Row 28 of the scenarios, while it rings.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_rings_when_the_server_is_killed_rings_on_and_can_be_answered() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        alice.calls("bob").await;
        bob.sees(&["onInvited"]).await;
        hall.is_killed_and_starts();
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
        assert!(bob.calling.current_call().is_some(), "it rings on");
        bob.accepts().await;
        alice.is_joined_by(&["bob"]).await;
        bob.is_joined_by(&["alice"]).await;
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
        bob.calling.hangup();
        alice.sees(&["onUserLeave", "onCallEnd"]).await;
        assert_eq!(hall.records(1).await[0]["outcome"], "answered");
    })
    .await;
}
