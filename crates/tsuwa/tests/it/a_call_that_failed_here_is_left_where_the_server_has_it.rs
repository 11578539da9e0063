use crate::fake_server::{FakeServer, nothing_more};
use serde_json::json;
use tsuwa::CallType;

/// The answer to `call` was lost with its session, and the callee has accepted meanwhile: the app knows of no call.
#[tokio::test]
async fn a_call_that_failed_here_is_left_where_the_server_has_it() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    let call = calling.call("bob", CallType::Audio);
    connection.expect("call").await;
    let users = json!([{ "userId": "bob", "audio": true, "video": false }]);
    let state = json!({ "callId": "11", "invitationId": 0, "type": 1, "stage": "talking", "users": users });
    let mut connection = server.anew(connection, state).await;
    assert_eq!(call.await.code, 9520);
    connection.event(1, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    connection.event(2, "onUserAudioAvailable", json!({ "callId": "11", "userId": "bob", "available": true })).await;
    // By its request, which this session knows nothing of, and by what the sign-in said.
    let (id, params) = connection.expect("hangup").await;
    assert!(params["request"].is_number(), "{params}");
    connection.refuse(&id, 8010).await;
    let (id, params) = connection.expect("hangup").await;
    assert_eq!(params, json!({ "callId": "11", "invitationId": 0 }));
    connection.reply(&id, json!({})).await;
    nothing_more(&calling, &mut connection, &mut events).await;
    assert_eq!(calling.current_call(), None);
}
