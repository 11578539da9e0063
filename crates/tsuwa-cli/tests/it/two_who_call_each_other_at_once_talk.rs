use crate::house::House;
use tsuwa::CallType;

/// Row 12 of the scenarios, as it happens: nobody knows whose call is first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_call_each_other_at_once_are_in_one_call_and_nobody_is_busy() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.line("alice").await, house.line("bob").await);
    for _ in 0..30 {
        let (a, b) = (alice.calling.call("bob", CallType::Audio), bob.calling.call("alice", CallType::Audio));
        let (a, b) = tokio::join!(a, b);
        assert_eq!((a.code, b.code), (0, 0));
        let mut rang = 0;
        for line in [&mut alice, &mut bob] {
            let mut event = line.next().await;
            if event.name() == "onInvited" {
                rang += 1;
                event = line.next().await;
            }
            assert_eq!(event.name(), "onUserEnter");
        }
        assert_eq!(rang, 1);
        assert_eq!(alice.calling.current_call(), bob.calling.current_call());
        alice.calling.hangup();
        bob.sees(&["onUserLeave", "onCallEnd"]).await;
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
    }
}
