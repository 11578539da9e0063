use crate::hall::{Hall, in_time};
use std::time::Duration;
use tsuwa::CallOptions;

const RINGS: Duration = Duration::from_secs(2);

/// Ring timeouts count the time that the server was down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ringing_whose_time_ran_out_while_there_was_no_server_is_over_at_its_start() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        assert_eq!(alice.calling.call_with("bob", CallOptions::audio().timeout(RINGS)).await.code, 0);
        bob.sees(&["onInvited"]).await;
        hall.is_killed();
        tokio::time::sleep(RINGS).await;
        hall.starts();
        bob.sees(&["onCallingTimeOut"]).await;
        alice.sees(&["onNoResp", "onCallEnd"]).await;
        bob.sees_nothing_more().await;
        alice.sees_nothing_more().await;
        let record = hall.records(1).await.remove(0);
        assert_eq!((&record["outcome"], &record["talkedMs"]), (&"no_answer".into(), &serde_json::Value::Null));
    })
    .await;
}
