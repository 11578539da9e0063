use crate::hall::{Hall, in_time, talk};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_while_there_is_no_server_has_left_when_there_is_one() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        hall.is_killed();
        alice.calling.hangup();
        hall.starts();
        bob.sees(&["onUserLeave", "onCallEnd"]).await;
        alice.sees_nothing_more().await;
        let record = hall.records(1).await.remove(0);
        assert_eq!(record["stays"][0]["left"], "hung_up", "{record}");
    })
    .await;
}
