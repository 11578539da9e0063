use crate::fake_server::{FakeServer, next, nothing_more, told};
use serde_json::json;
use tsuwa::TrtcCallingEvent;

/// The server was started anew and has forgotten the session, but not the call.
#[tokio::test]
async fn signed_in_anew_with_the_same_device_id_who_was_there_is_not_told_of_again() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.accepted("11").await;
    for (seq, user) in [(2, "bob"), (3, "carol")] {
        connection.event(seq, "onUserEnter", json!({ "callId": "11", "userId": user })).await;
    }
    connection.event(4, "onUserAudioAvailable", json!({ "callId": "11", "userId": "bob", "available": true })).await;
    told(&mut events, &["onUserEnter", "onUserEnter", "onUserAudioAvailable"]).await;

    drop(connection);
    let mut connection = server.connection().await;
    let (id, _) = connection.expect("resume").await;
    connection.refuse(&id, 6014).await;
    let call = json!({
        "callId": "11", "type": 1, "stage": "talking",
        "users": [{ "userId": "bob", "audio": true, "video": false }, { "userId": "dave", "audio": false, "video": false }],
    });
    connection.welcome("login", call).await;
    for (seq, user) in [(1, "bob"), (2, "dave")] {
        connection.event(seq, "onUserEnter", json!({ "callId": "11", "userId": user })).await;
    }
    connection.event(3, "onUserAudioAvailable", json!({ "callId": "11", "userId": "bob", "available": true })).await;

    assert!(
        matches!(next(&mut events).await, TrtcCallingEvent::OnUserLeave { user_id, .. } if user_id.as_str() == "carol")
    );
    assert!(matches!(next(&mut events).await, TrtcCallingEvent::OnUserEnter { user_id } if user_id.as_str() == "dave"));
    nothing_more(&calling, &mut connection, &mut events).await;
}
