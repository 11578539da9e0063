use crate::harness::House;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// A device that takes nothing any more does not keep the server from stopping in good order, with a snapshot that a newer
/// version can read.
#[tokio::test]
async fn a_shutdown_does_not_wait_for_who_does_not_read() {
    let house = House::open_with(|config| config.limits.requests_per_s = 1_000).await;
    let mut deaf = house.device("mallory").await;
    let everybody: Vec<_> = (1..9).map(|n| format!("somebody-with-a-long-name-no-{n}")).collect();
    for _ in 0..100 {
        let call = deaf.ask("groupCall", json!({ "userIds": everybody, "type": 1 })).await.expect("a call");
        deaf.ask("hangup", json!({ "callId": call["callId"] })).await.expect("a hangup");
    }
    let mut deaf = house.resume(&deaf).await;
    deaf.reads(false);
    // Far more than the system keeps for a socket that is not read.
    for _ in 0..390 {
        deaf.begin("queryRecentCalls", json!({ "limit": 100 })).await;
    }
    // Until the server reads no further either.
    let padding = "x".repeat(60_000);
    for id in 1_000..1_400 {
        let frame = json!({ "jsonrpc": "2.0", "id": id, "method": "ping", "params": { "padding": padding } });
        match timeout(Duration::from_millis(500), deaf.try_send(Message::text(frame.to_string()))).await {
            Ok(true) => {}
            Ok(false) | Err(_) => break,
        }
    }
    let (config, _folder) = house.stop().await;
    let file = config.data.calls_path(config.apps[0].id);
    assert!(!file.with_file_name("calls.sqlite-wal").exists(), "one whole file is left");
}
