use crate::hall::{Hall, in_time};
use crate::web::proxy::Wire;

/// Row 9c of the scenarios at a restart: the callee is back first, and answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_after_a_restart_reaches_a_caller_that_is_back_only_later() {
    let mut hall = Hall::open();
    let wire = Wire::to(&hall.url());
    let (mut alice, mut bob) = (hall.phone_at(&wire.url, "alice").await, hall.phone("bob").await);
    in_time(async {
        alice.calls("bob").await;
        bob.sees(&["onInvited"]).await;
        wire.hold(true);
        hall.is_killed_and_starts();
        bob.accepts().await;
        bob.sees(&["onUserEnter"]).await;
        wire.hold(false);
        alice.is_joined_by(&["bob"]).await;
        bob.sees(&["onUserAudioAvailable"]).await;
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
        bob.calling.hangup();
        alice.sees(&["onUserLeave", "onCallEnd"]).await;
    })
    .await;
}
