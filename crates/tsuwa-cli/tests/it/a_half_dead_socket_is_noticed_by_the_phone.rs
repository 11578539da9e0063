use crate::hall::{Hall, in_time, ms_since, talk};
use crate::web::proxy::Wire;
use std::time::Instant;

/// The phone makes another connection, and over it comes what was said into the dead one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_into_a_half_dead_socket_comes_over_the_next_one() {
    let hall = Hall::open();
    let wire = Wire::to(&hall.url());
    let (mut alice, mut bob) = (hall.phone_at(&wire.url, "alice").await, hall.phone("bob").await);
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        wire.swallow();
        let dead = Instant::now();
        bob.calling.hangup();
        alice.sees(&["onUserLeave", "onCallEnd"]).await;
        // In a call 2 s are the rule for noticing it, out of one 30 s; a busy machine is somewhere between.
        assert!(ms_since(dead) < 10_000, "{} ms", ms_since(dead));
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
    })
    .await;
}
