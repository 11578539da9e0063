use crate::harness::PATIENCE;
use crate::receiver::{Mood, Receiver};
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

/// A call while the receiver wants to be left alone for two seconds, and another one right after it.
async fn asks_for_time(status: u16) {
    let mut receiver = Receiver::open().await;
    receiver.mood(Mood::Answers(status, "Retry-After: 2\r\n".to_owned()));
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let first = alice.call("bob").await;
    let refused = async {
        loop {
            if let Some(got) = receiver.refused.lock().expect("no panic in there").first() {
                return got.at;
            }
            tokio::task::yield_now().await;
        }
    };
    let asked_at = timeout(PATIENCE, refused).await.expect("an attempt");
    receiver.mood(Mood::Takes);
    alice.ask("hangup", json!({ "callId": first })).await.expect("a hangup");
    let second = alice.call("bob").await;
    let mut calls = Vec::new();
    while calls.len() < 6 {
        let got = receiver.next().await;
        // The clock that this is counted by has milliseconds.
        assert!(got.at.duration_since(asked_at) >= Duration::from_millis(1_990), "it was left alone");
        calls.push(got.call().to_owned());
    }
    assert_eq!((calls.contains(&first), calls.contains(&second)), (true, true));
    assert_eq!(receiver.refused.lock().expect("no panic in there").len(), 1, "it was asked once");
}

#[tokio::test]
async fn a_receiver_that_gets_too_much_asks_for_time_and_gets_it() {
    asks_for_time(429).await;
}

#[tokio::test]
async fn a_receiver_that_is_down_for_a_moment_asks_for_time_and_gets_it() {
    asks_for_time(503).await;
}
