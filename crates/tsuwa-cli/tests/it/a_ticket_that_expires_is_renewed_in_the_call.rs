use crate::house::House;
use tsuwa::CallType;
use tsuwa_server::DEFAULT_APP;

/// Row 30 of the scenarios.
#[tokio::test]
async fn when_the_ticket_expires_the_call_goes_on_and_a_new_login_lets_new_calls_be_made() {
    let house = House::open().await;
    let mut bob = house.line("bob").await;
    // A ticket counts whole seconds: four of them are enough to sign in and to be answered on a busy machine.
    let mut alice = house.line_for("alice", 5).await;
    assert_eq!(alice.calling.call("bob", CallType::Audio).await.code, 0);
    bob.sees(&["onInvited"]).await;
    assert_eq!(bob.calling.accept().await.code, 0);
    bob.sees(&["onUserEnter"]).await;
    alice.sees(&["onUserEnter", "onUserSigExpired"]).await;
    assert_eq!(alice.calling.call("carol", CallType::Audio).await.code, 70001);
    assert_eq!(alice.calling.login(DEFAULT_APP.0, "alice", &house.ticket("alice", 600)).await.code, 0);
    assert_eq!(alice.calling.call("carol", CallType::Audio).await.code, 0);
    alice.calling.hangup();
    bob.sees(&["onUserLeave", "onCallEnd"]).await;
}
