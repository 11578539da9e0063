use crate::fake_server::{FakeServer, nothing_more};
use serde_json::json;
use tsuwa::CallType;

#[tokio::test]
async fn a_hangup_before_call_is_answered_names_that_request() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    let answer = calling.call("bob", CallType::Audio);
    calling.hangup();
    let (call, _) = connection.expect("call").await;
    let (hangup, params) = connection.expect("hangup").await;
    assert_eq!(params, json!({ "request": call }));
    connection.reply(&call, json!({ "callId": "5", "type": 1 })).await;
    connection.reply(&hangup, json!({})).await;
    assert_eq!(answer.await.code, 0);
    assert_eq!(calling.current_call(), None);
    nothing_more(&calling, &mut connection, &mut events).await;
}
