use crate::fake_server::{FakeServer, next, told};
use serde_json::json;
use tsuwa::{EndReason, TrtcCallingEvent};

#[tokio::test]
async fn a_device_that_learns_at_its_resume_that_it_is_out_says_so_ends_its_call_and_stays_out() {
    let server = FakeServer::start().await;
    let (calling, mut events, connection) = server.accepted("11").await;
    drop(connection);

    let mut connection = server.connection().await;
    let (id, _) = connection.expect("resume").await;
    connection.refuse(&id, 6208).await;
    told(&mut events, &["onKickedOffline"]).await;
    let end = next(&mut events).await;
    assert_eq!(end, TrtcCallingEvent::OnCallEnd { reason: Some(EndReason::SignedInElsewhere) });
    drop(connection);
    // Signed out: the app may sign in again, and only then is there another connection.
    let again = calling.login(1_400_000_001, "alice", "ticket");
    let mut connection = server.connection().await;
    connection.welcome("login", json!(null)).await;
    assert_eq!(again.await.code, 0);
}

#[tokio::test]
async fn a_device_that_rings_and_is_put_out_is_told_that_only() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    connection.event(2, "onKickedOffline", json!({})).await;
    told(&mut events, &["onInvited", "onKickedOffline"]).await;
    drop(connection);
    while calling.user_id().is_some() {
        tokio::task::yield_now().await;
    }
    // What is told next belongs to the next sign-in: the invitation rings on where the user is now.
    let again = calling.login(1_400_000_001, "alice", "ticket");
    let mut connection = server.connection().await;
    connection.welcome("login", json!(null)).await;
    assert_eq!(again.await.code, 0);
    connection.invite(1, "12").await;
    told(&mut events, &["onInvited"]).await;
}
