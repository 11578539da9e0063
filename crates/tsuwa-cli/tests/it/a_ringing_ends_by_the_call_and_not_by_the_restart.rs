use crate::hall::{Hall, in_time, ms_since};
use std::time::{Duration, Instant};
use tsuwa::CallOptions;

const RINGS: Duration = Duration::from_secs(8);
/// When the server is killed: what began anew then would ring for so much longer.
const RANG: Duration = Duration::from_secs(6);

/// Row 28: "still times out 30 s after the call", with a shorter time to ring.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ringing_over_a_restart_ends_so_long_after_the_call() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        let before = Instant::now();
        assert_eq!(alice.calling.call_with("bob", CallOptions::audio().timeout(RINGS)).await.code, 0);
        bob.sees(&["onInvited"]).await;
        tokio::time::sleep(RANG).await;
        let killed = Instant::now();
        hall.is_killed_and_starts();
        bob.sees(&["onCallingTimeOut"]).await;
        alice.sees(&["onNoResp", "onCallEnd"]).await;
        assert!(before.elapsed() >= RINGS, "it rang for {} ms only", ms_since(before));
        assert!(killed.elapsed() < RINGS, "it rang for {} ms after the restart", ms_since(killed));
        let record = hall.records(1).await.remove(0);
        assert_eq!(record["invitations"][0]["outcome"], "no_answer");
        let rang = Duration::from_millis(record["invitations"][0]["ringingMs"].as_u64().unwrap());
        assert!((RINGS..RANG + RINGS).contains(&rang), "{record}");
    })
    .await;
}
