use crate::hall::{Hall, in_time, ms_since, talk};
use std::time::Instant;

/// Row 28 of the scenarios.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_talk_goes_on_after_the_server_was_killed_and_one_record_says_so() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        let talking = Instant::now();
        hall.is_killed_and_starts();
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
        let talked = ms_since(talking);
        alice.calling.hangup();
        bob.sees(&["onUserLeave", "onCallEnd"]).await;
        alice.sees_nothing_more().await;

        let record = hall.records(1).await.remove(0);
        assert_eq!((&record["caller"], &record["outcome"]), (&"alice".into(), &"answered".into()));
        assert!(record["talkedMs"].as_u64().unwrap() >= talked, "talk over the gap counts: {record}");
        let left: Vec<_> =
            record["stays"].as_array().unwrap().iter().map(|stay| (&stay["userId"], &stay["left"])).collect();
        assert_eq!(left, [(&"alice".into(), &"hung_up".into()), (&"bob".into(), &"last_one".into())]);
        assert_eq!(hall.get("calls")["calls"].as_array().unwrap().len(), 0);
    })
    .await;
}
