use crate::receiver::{Mood, Receiver};
use serde_json::json;

#[tokio::test]
async fn an_answers_beginning_is_enough() {
    let mut receiver = Receiver::open().await;
    receiver.mood(Mood::Drones);
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    for kind in ["call.started", "call.invited", "call.cancelled", "call.ended"] {
        receiver.next_of(kind).await;
    }
}
