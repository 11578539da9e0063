use crate::hall::{Hall, in_time, ms_since, talk};
use crate::web::proxy::Wire;
use std::time::Instant;

/// Row 9 of the scenarios for a socket that is open still, and carries nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_half_dead_socket_in_a_call_the_others_are_told_and_nothing_ends() {
    let hall = Hall::open();
    let wire = Wire::to(&hall.url());
    let (mut alice, mut bob) = (hall.phone_at(&wire.url, "alice").await, hall.phone("bob").await);
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        wire.hold(true);
        wire.swallow();
        let dead = Instant::now();
        bob.is_told_that_it_lost("alice").await;
        // In a call 2 s are the rule, out of one 20 s and more; a busy machine is somewhere between.
        assert!(ms_since(dead) < 10_000, "{} ms", ms_since(dead));
        wire.hold(false);
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
    })
    .await;
}
