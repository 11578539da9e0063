use crate::fake_server::{FakeServer, INVITATION, nothing_more, told};
use serde_json::json;
use tsuwa::CallType;

/// The API's events don't say which call they are of: the end of the old one would look like the new one's.
#[tokio::test]
async fn what_was_on_its_way_of_a_call_that_was_hung_up_does_not_reach_the_next_call() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.accepted("11").await;
    connection.event(2, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    told(&mut events, &["onUserEnter"]).await;

    calling.hangup();
    let (hangup, params) = connection.expect("hangup").await;
    assert_eq!(params, json!({ "callId": "11", "invitationId": INVITATION }));
    let next = calling.call("carol", CallType::Audio);
    let (call, _) = connection.expect("call").await;
    connection.event(3, "onUserLeave", json!({ "callId": "11", "userId": "bob", "reason": 0 })).await;
    connection.event(4, "onCallEnd", json!({ "callId": "11" })).await;
    connection.refuse(&hangup, 8010).await;
    connection.reply(&call, json!({ "callId": "12", "type": 1 })).await;
    assert_eq!(next.await.code, 0);
    assert_eq!(calling.current_call().map(|(call, _)| call.0), Some(12));
    nothing_more(&calling, &mut connection, &mut events).await;
}

#[tokio::test]
async fn sound_that_came_back_at_the_hangup_hides_nobody_in_the_next_call() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.accepted("11").await;
    connection.event(2, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    told(&mut events, &["onUserEnter"]).await;

    calling.hangup();
    let (hangup, _) = connection.expect("hangup").await;
    connection.event(3, "onUserAudioAvailable", json!({ "callId": "11", "userId": "bob", "available": true })).await;
    connection.reply(&hangup, json!({})).await;
    let next = calling.call("bob", CallType::Audio);
    let (call, _) = connection.expect("call").await;
    connection.reply(&call, json!({ "callId": "12", "type": 1 })).await;
    assert_eq!(next.await.code, 0);
    connection.event(4, "onUserEnter", json!({ "callId": "12", "userId": "bob" })).await;
    connection.event(5, "onUserAudioAvailable", json!({ "callId": "12", "userId": "bob", "available": true })).await;
    told(&mut events, &["onUserEnter", "onUserAudioAvailable"]).await;
}
