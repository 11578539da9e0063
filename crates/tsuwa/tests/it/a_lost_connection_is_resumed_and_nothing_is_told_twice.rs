use crate::fake_server::{FakeServer, nothing_more, told};
use serde_json::json;

#[tokio::test]
async fn a_lost_connection_is_resumed_behind_the_last_event_and_repeats_what_has_no_answer() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;
    let accepted = calling.accept();
    let (id, _) = connection.expect("accept").await;
    drop(connection);
    let mut connection = server.connection().await;
    let resume = connection.welcome("resume", json!(null)).await;
    assert_eq!((&resume["lastSeq"], &resume["resumeToken"]), (&json!(1), &json!("token")));
    let (again, _) = connection.expect("accept").await;
    assert_eq!(again, id, "the same request");
    connection.reply(&again, json!({ "callId": "11", "type": 1 })).await;
    assert_eq!(accepted.await.code, 0);
    connection.invite(1, "11").await;
    connection.event(2, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    told(&mut events, &["onUserEnter"]).await;
    nothing_more(&calling, &mut connection, &mut events).await;
}
