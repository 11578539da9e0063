use crate::harness::{House, still_talks_and_ends, talk};
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn answers_that_are_not_read_cost_nobody_else_anything() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    let mut deaf = house.device("mallory").await;
    deaf.reads(false);
    // Much of each comes back with the refusal of its id.
    let padding = "x".repeat(10_000);
    for id in 0..10_000 {
        let frame = json!({ "jsonrpc": "2.0", "id": id, "method": "ping", "params": { "padding": padding } });
        match timeout(Duration::from_millis(500), deaf.try_send(Message::text(frame.to_string()))).await {
            Ok(true) => {}
            // Closed, or not read any more: either will do.
            Ok(false) | Err(_) => break,
        }
    }
    still_talks_and_ends(talking).await;
}
