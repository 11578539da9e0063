use crate::hall::{Hall, in_time};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_accepts_while_there_is_no_server_talks_when_there_is_one() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    in_time(async {
        alice.calls("bob").await;
        bob.sees(&["onInvited"]).await;
        hall.is_killed();
        let answer = bob.calling.accept();
        hall.starts();
        assert_eq!(answer.await.code, 0);
        alice.is_joined_by(&["bob"]).await;
        bob.is_joined_by(&["alice"]).await;
        tokio::join!(alice.hears(&bob), bob.hears(&alice));
    })
    .await;
}
