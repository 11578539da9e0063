use crate::hall::{Hall, in_time};
use crate::web::proxy::Wire;
use std::time::Duration;

/// Row 9d of the scenarios: a ringing phone may be away for longer than the grace.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_is_lost_while_it_rings_can_answer_when_it_is_back() {
    let hall = Hall::open_with("[apps.policy]\ngrace_ms = 1000");
    let wire = Wire::to(&hall.url());
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone_at(&wire.url, "bob").await);
    in_time(async {
        alice.calls("bob").await;
        bob.sees(&["onInvited"]).await;
        wire.hold(true);
        wire.cut();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        alice.sees_nothing_more().await;
        wire.hold(false);
        bob.accepts().await;
        alice.is_joined_by(&["bob"]).await;
        bob.is_joined_by(&["alice"]).await;
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
    })
    .await;
}
