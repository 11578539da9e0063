use crate::fake_server::{FakeServer, next, nothing_more, told};
use serde_json::json;
use tsuwa::TrtcCallingEvent;

/// The session is gone, and the ticket is good for no other one: to whoever was in the call it is over.
#[tokio::test]
async fn a_call_ends_where_its_session_is_refused() {
    let server = FakeServer::start().await;
    let (calling, mut events, connection) = server.accepted("11").await;
    drop(connection);
    let mut connection = server.connection().await;
    for (method, code) in [("resume", 6014), ("login", 70001)] {
        let (id, _) = connection.expect(method).await;
        connection.refuse(&id, code).await;
    }
    assert!(matches!(next(&mut events).await, TrtcCallingEvent::OnError { code: 70001, .. }));
    told(&mut events, &["onCallEnd"]).await;
    assert_eq!(calling.current_call(), None);
    assert_eq!(calling.user_id(), None);
}

/// The same while it rings.
#[tokio::test]
async fn a_ringing_ends_where_its_session_is_refused() {
    let server = FakeServer::start().await;
    let (_calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;
    drop(connection);
    let mut connection = server.connection().await;
    for (method, code) in [("resume", 6014), ("login", 70001)] {
        let (id, _) = connection.expect(method).await;
        connection.refuse(&id, code).await;
    }
    told(&mut events, &["onError", "onCallingCancel"]).await;
}

/// In a call, and the new session says that the same call rings here.
#[tokio::test]
async fn a_talk_is_over_before_its_call_rings_anew() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.accepted("11").await;
    connection.event(2, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    told(&mut events, &["onUserEnter"]).await;
    let call = json!({ "callId": "11", "invitationId": 33, "type": 1, "stage": "ringing", "users": [] });
    let mut connection = server.anew(connection, call).await;
    connection.invite_again(1, "11", 33).await;
    told(&mut events, &["onCallEnd", "onInvited"]).await;
    nothing_more(&calling, &mut connection, &mut events).await;
}
