use crate::harness::{House, still_talks_and_ends, talk};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn an_oversized_frame_closes_its_own_socket_only() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    // One byte more than allowed, and much more.
    for bytes in [65_537, 200_000] {
        let mut mallory = house.device("mallory").await;
        let frame = json!({ "jsonrpc": "2.0", "id": 9, "method": "ping", "params": { "padding": "" } }).to_string();
        let padding = "x".repeat(bytes - frame.len());
        mallory.send(frame.replace("\"\"", &format!("\"{padding}\""))).await;
        assert_eq!(mallory.end().await, 1009);
    }
    // So much that it is not even read: how the socket ends is nobody's business.
    let mut mallory = house.device("mallory").await;
    mallory.try_send(Message::text("x".repeat(4_000_000))).await;
    mallory.end().await;
    still_talks_and_ends(talking).await;
}
