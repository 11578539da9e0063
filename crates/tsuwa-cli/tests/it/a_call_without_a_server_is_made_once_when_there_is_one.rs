use crate::hall::{Hall, in_time};
use tsuwa::CallType;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_calls_while_there_is_no_server_rings_once_when_there_is_one() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        hall.is_killed();
        let answer = alice.calling.call("bob", CallType::Audio);
        hall.starts();
        assert_eq!(answer.await.code, 0);
        bob.sees(&["onInvited"]).await;
        // Again: what was asked before it is not asked again.
        hall.is_killed_and_starts();
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
        alice.calling.hangup();
        bob.sees(&["onCallingCancel"]).await;
        assert_eq!(hall.records(1).await[0]["outcome"], "cancelled");
    })
    .await;
}
