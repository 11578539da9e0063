use crate::harness::{House, PATIENCE};
use crate::receiver::{Mood, Receiver};
use serde_json::json;
use tokio::time::timeout;

/// Waits until the metrics say so.
async fn says(house: &House, name: &str, at_least: f64) -> f64 {
    let row = format!("{name}{{app=\"{}\"}} ", house.app());
    let asked = async {
        loop {
            let page = house.http("GET", "/metrics", &[], None).await.1;
            let value = page.lines().find_map(|line| line.strip_prefix(&row)).map(str::parse::<f64>);
            if let Some(Ok(value)) = value
                && value >= at_least
            {
                return value;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("{name} of {at_least}"))
}

#[tokio::test]
async fn metrics_count_webhooks() {
    let receiver = Receiver::open().await;
    receiver.mood(Mood::Answers(503, String::new()));
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    assert_eq!(says(&house, "tsuwa_webhooks_waiting", 4.0).await, 4.0);
    says(&house, "tsuwa_webhook_attempts_failed_total", 1.0).await;
    receiver.mood(Mood::Takes);
    assert_eq!(says(&house, "tsuwa_webhooks_delivered_total", 4.0).await, 4.0);
    let page = house.http("GET", "/metrics", &[], None).await.1;
    assert!(!page.contains("tsuwa_webhooks_given_up_total{"), "none was given up");
}
