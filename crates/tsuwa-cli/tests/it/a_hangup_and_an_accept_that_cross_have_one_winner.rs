use crate::house::House;
use tsuwa::CallType;

/// Rows 6a and 6b of the scenarios, as they happen: nobody knows which is first in the server's log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_and_an_accept_that_cross_have_one_winner_and_both_phones_are_idle_after_it() {
    let house = House::open().await;
    let (alice, mut bob) = (house.line("alice").await, house.line("bob").await);
    for round in 0..60 {
        assert_eq!(alice.calling.call("bob", CallType::Audio).await.code, 0);
        bob.sees(&["onInvited"]).await;
        let accepted = if round % 2 == 0 {
            alice.calling.hangup();
            bob.calling.accept()
        } else {
            let accepted = bob.calling.accept();
            alice.calling.hangup();
            accepted
        };
        match accepted.await.code {
            0 => bob.sees(&["onUserEnter", "onUserLeave", "onCallEnd"]).await,
            // By then the server has said that it is over, or bob's phone has heard so before he answered.
            8010 | -1203 => bob.sees(&["onCallingCancel"]).await,
            other => panic!("{other}"),
        }
        bob.sees_nothing_more().await;
        assert_eq!((alice.calling.current_call(), bob.calling.current_call()), (None, None));
    }
}
