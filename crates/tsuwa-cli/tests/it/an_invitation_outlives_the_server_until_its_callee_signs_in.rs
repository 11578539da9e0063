use crate::hall::{Hall, in_time};

/// Row 10 of the scenarios over a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_outlives_the_server_until_its_callee_signs_in() {
    let mut hall = Hall::open();
    let mut alice = hall.phone("alice").await;
    in_time(async {
        alice.calls("bob").await;
        hall.is_killed_and_starts();
        let mut bob = hall.phone("bob").await;
        bob.sees(&["onInvited"]).await;
        bob.accepts().await;
        alice.is_joined_by(&["bob"]).await;
        bob.is_joined_by(&["alice"]).await;
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
        alice.calling.hangup();
        bob.sees(&["onUserLeave", "onCallEnd"]).await;
    })
    .await;
}
