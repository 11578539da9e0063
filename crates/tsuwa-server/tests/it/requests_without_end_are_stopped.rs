use crate::harness::{House, still_talks_and_ends, talk};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

fn hangup(id: u32) -> Message {
    let hangup = json!({ "jsonrpc": "2.0", "id": id, "method": "hangup", "params": { "callId": "1" } });
    Message::text(hangup.to_string())
}

#[tokio::test]
async fn requests_without_end_are_stopped() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    let mut mallory = house.device("mallory").await;
    for id in 2..1_000_000 {
        if !mallory.try_send(hangup(id)).await {
            break;
        }
        // So that what is answered is read: else the socket is closed for that, and the answers are lost.
        tokio::task::yield_now().await;
    }
    let mut slowed = 0;
    let end = loop {
        match mallory.frame().await {
            Ok(frame) => slowed += u32::from(frame["error"]["code"] == 7008),
            Err(end) => break end,
        }
    };
    assert!(slowed > 100, "it was told {slowed} times");
    // For the flood, or for answers that a busy test did not read in time; whichever is noticed first.
    assert!([1008, 1013].contains(&end), "closed with {end}");
    still_talks_and_ends(talking).await;
}
