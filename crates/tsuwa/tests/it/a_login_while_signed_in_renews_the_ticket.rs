use crate::fake_server::{FakeServer, told};
use serde_json::json;

#[tokio::test]
async fn a_login_of_the_same_user_renews_the_ticket_and_the_call_goes_on() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    connection.event(2, "onUserSigExpired", json!({})).await;
    told(&mut events, &["onInvited", "onUserSigExpired"]).await;
    let renewed = calling.login(1_400_000_001, "alice", "another ticket");
    let params = connection.welcome("login", json!(null)).await;
    assert_eq!(params["userSig"], "another ticket");
    assert_eq!(renewed.await.code, 0);
    assert_eq!(calling.current_call().map(|(call, _)| call.0), Some(11));
}
