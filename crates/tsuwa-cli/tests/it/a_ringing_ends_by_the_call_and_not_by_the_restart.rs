use crate::hall::{Hall, in_time, ms_since};
use std::time::{Duration, Instant};
use tsuwa::CallOptions;

const RINGS: Duration = Duration::from_secs(5);

/// Row 28: "still times out 30 s after the call", with a shorter time to ring.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ringing_over_a_restart_ends_so_long_after_the_call() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        let before = Instant::now();
        assert_eq!(alice.calling.call_with("bob", CallOptions::audio().timeout(RINGS)).await.code, 0);
        let called = Instant::now();
        bob.sees(&["onInvited"]).await;
        // By then a time that began anew at the restart would be seconds late.
        tokio::time::sleep(RINGS / 2).await;
        hall.is_killed_and_starts();
        bob.sees(&["onCallingTimeOut"]).await;
        alice.sees(&["onNoResp", "onCallEnd"]).await;
        assert!(before.elapsed() >= RINGS, "it rang for {} ms only", ms_since(before));
        assert!(called.elapsed() < RINGS + RINGS / 2, "it rang for {} ms", ms_since(called));
        let record = hall.records(1).await.remove(0);
        assert_eq!(record["invitations"][0]["outcome"], "no_answer");
        assert_eq!(record["invitations"][0]["ringingMs"].as_u64().unwrap() / 1_000, RINGS.as_secs(), "{record}");
    })
    .await;
}
