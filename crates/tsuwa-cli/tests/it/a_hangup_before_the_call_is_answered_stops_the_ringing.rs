use crate::house::House;
use tsuwa::CallType;

/// The phantom ring: who hangs up before `call` was answered must not leave a phone ringing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_before_the_call_is_answered_stops_the_ringing() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.line("alice").await, house.line("bob").await);
    for _ in 0..30 {
        let called = alice.calling.call("bob", CallType::Audio);
        alice.calling.hangup();
        assert_eq!(called.await.code, 0);
        bob.sees(&["onInvited", "onCallingCancel"]).await;
        assert_eq!(alice.calling.current_call(), None);
    }
    alice.sees_nothing_more().await;
    bob.sees_nothing_more().await;
}
