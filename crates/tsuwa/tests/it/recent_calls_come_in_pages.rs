use crate::fake_server::FakeServer;
use serde_json::json;
use tsuwa::{CallId, CallType, Direction, Millis, SeenOutcome, TrtcCalling};

#[tokio::test]
async fn recent_calls_come_in_pages() {
    let server = FakeServer::start().await;
    let (calling, _events, mut connection) = server.signed_in().await;
    let page = calling.query_recent_calls(None, None);
    let (id, params) = connection.expect("queryRecentCalls").await;
    assert_eq!(params, json!({}));
    let call = json!({
        "callId": "12", "type": 2, "direction": "incoming", "userIds": ["bob", "carol"],
        "startedAt": 1_800_000_000_000_u64, "endedAt": 1_800_000_009_000_u64,
        "ringingMs": 4_000, "talkedMs": 5_000, "outcome": "answered_elsewhere",
    });
    connection.reply(&id, json!({ "calls": [call], "more": true })).await;
    let page = page.await.unwrap();
    assert!(page.more);
    let call = &page.calls[0];
    assert_eq!((call.call_id, call.kind, call.direction), (CallId(12), CallType::Video, Direction::Incoming));
    assert_eq!(call.user_ids.iter().map(|user| user.as_str()).collect::<Vec<_>>(), ["bob", "carol"]);
    assert_eq!((call.started_at, call.ended_at), (Millis(1_800_000_000_000), Millis(1_800_000_009_000)));
    assert_eq!((call.ringing_ms, call.talked_ms), (4_000, 5_000));
    assert_eq!(call.outcome, SeenOutcome::AnsweredElsewhere);

    let page = calling.query_recent_calls(Some(call.call_id), Some(100));
    let (id, params) = connection.expect("queryRecentCalls").await;
    assert_eq!(params, json!({ "before": "12", "limit": 100 }));
    connection.reply(&id, json!({ "calls": [], "more": false })).await;
    assert_eq!(page.await.unwrap(), tsuwa::RecentCalls::default());

    let refused = calling.query_recent_calls(None, Some(101));
    let (id, _) = connection.expect("queryRecentCalls").await;
    connection.refuse(&id, -1202).await;
    assert_eq!(refused.await.unwrap_err().code, -1202);
}

#[tokio::test]
async fn a_look_that_the_connection_took_along_is_asked_again() {
    let server = FakeServer::start().await;
    let (calling, _events, mut connection) = server.signed_in().await;
    let page = calling.query_recent_calls(None, None);
    let (first, _) = connection.expect("queryRecentCalls").await;
    drop(connection);
    let mut connection = server.connection().await;
    connection.welcome("resume", json!(null)).await;
    let (again, _) = connection.expect("queryRecentCalls").await;
    assert_eq!(first, again);
    connection.reply(&again, json!({ "calls": [], "more": false })).await;
    assert!(page.await.is_ok());
}

#[tokio::test]
async fn signed_out_there_are_none_to_see() {
    let calling = TrtcCalling::builder().server("ws://127.0.0.1:1").without_media().build().unwrap();
    assert_eq!(calling.query_recent_calls(None, None).await.unwrap_err().code, 6014);
    calling.destroy();
    assert_eq!(calling.query_recent_calls(None, None).await.unwrap_err().code, 6014);
}
