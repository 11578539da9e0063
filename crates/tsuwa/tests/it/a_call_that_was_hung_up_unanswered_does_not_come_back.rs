use crate::fake_server::{FakeServer, nothing_more};
use serde_json::json;
use tsuwa::CallType;

/// Hung up while there was no connection and no answer to `call`; the callee has accepted meanwhile, and is told of first.
#[tokio::test]
async fn a_call_that_was_hung_up_unanswered_does_not_come_back() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    let call = calling.call("bob", CallType::Audio);
    connection.expect("call").await;
    drop(connection);
    calling.hangup();
    let mut connection = server.connection().await;
    let users = json!([{ "userId": "bob", "audio": false, "video": false }]);
    let state = json!({ "callId": "11", "invitationId": 0, "type": 1, "stage": "talking", "users": users });
    connection.welcome("resume", state).await;
    connection.event(1, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    let (id, _) = connection.expect("call").await;
    connection.reply(&id, json!({ "callId": "11", "invitationId": 0, "type": 1 })).await;
    let (id, _) = connection.expect("hangup").await;
    connection.reply(&id, json!({})).await;
    let _ = call.await;
    nothing_more(&calling, &mut connection, &mut events).await;
    assert_eq!(calling.current_call(), None);
}
