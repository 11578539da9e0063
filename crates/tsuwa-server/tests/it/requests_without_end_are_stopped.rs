use crate::harness::{House, still_talks_and_ends, talk};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn requests_without_end_are_stopped() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    let mallory = house.device("mallory").await;
    let (mut sink, mut stream) = mallory.ws.split();
    let flood = tokio::spawn(async move {
        for id in 2.. {
            let call = json!({ "jsonrpc": "2.0", "id": id, "method": "call", "params": { "userId": "bob", "type": 1 } });
            if sink.send(Message::text(call.to_string())).await.is_err() {
                return;
            }
        }
    });
    let mut slowed = 0;
    let end = loop {
        match stream.next().await {
            Some(Ok(Message::Text(text))) => {
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                slowed += u32::from(frame["error"]["code"] == 7008);
            }
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => break None,
        }
    };
    assert!(slowed > 100, "it was told {slowed} times");
    assert_eq!(end, Some(1008));
    flood.abort();
    still_talks_and_ends(talking).await;

    // One who does not read its answers is not read either, and costs nobody else anything.
    let talking = talk(&house, "alice", "bob").await;
    let mut deaf = house.device("mallory").await;
    for id in 0..100_000 {
        let ping = json!({ "jsonrpc": "2.0", "id": id, "method": "ping" });
        let sending = deaf.ws.send(Message::text(ping.to_string()));
        match tokio::time::timeout(std::time::Duration::from_millis(500), sending).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => break,
        }
    }
    still_talks_and_ends(talking).await;
}
