use crate::receiver::{Mood, Receiver};
use serde_json::json;

#[tokio::test]
async fn webhooks_that_wait_outlive_the_server() {
    outlive(Mood::HangsUp).await;
}

#[tokio::test]
async fn so_do_webhooks_on_their_way() {
    outlive(Mood::Sleeps).await;
}

async fn outlive(mood: Mood) {
    let mut receiver = Receiver::open().await;
    receiver.mood(mood);
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let over = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": over })).await.expect("a hangup");
    let rings = alice.call("carol").await;

    let house = house.restart().await;
    receiver.mood(Mood::Takes);
    let mut stories = [Vec::new(), Vec::new()];
    let mut seen = Vec::new();
    while stories[0].len() + stories[1].len() < 6 {
        let got = receiver.next().await;
        // Once more than needed is allowed, once less is not.
        if !seen.contains(&got.id()) {
            seen.push(got.id());
            stories[usize::from(got.call() == rings)].push(got.kind().to_owned());
        }
    }
    assert_eq!(stories[0], ["call.started", "call.invited", "call.cancelled", "call.ended"]);
    assert_eq!(stories[1], ["call.started", "call.invited"]);

    // And what happens from now on comes behind it.
    let mut alice = house.resume(&alice).await;
    alice.ask("hangup", json!({ "callId": rings })).await.expect("a hangup");
    assert_eq!(receiver.next_of("call.cancelled").await["callId"], rings);
    assert_eq!(receiver.next_of("call.ended").await["callId"], rings);
    let (_, page) = house.admin("GET", "/records", None).await;
    let calls: Vec<_> = page["records"].as_array().expect("a list").iter().map(|record| &record["callId"]).collect();
    assert_eq!(calls, [&json!(rings), &json!(over)], "one record each");
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_forgotten() {
    let mut receiver = Receiver::open().await;
    receiver.mood(Mood::HangsUp);
    let house = receiver.house().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let house = house.restart_with(|config| config.apps[0].webhooks = None).await;
    let counted = format!("tsuwa_webhooks_given_up_total{{app=\"{}\"}} 4\n", house.app());
    assert!(house.http("GET", "/metrics", &[], None).await.1.contains(&counted), "its operator is told how many");
    let house = house.restart_with(|config| config.apps[0].webhooks = Some(receiver.config())).await;
    receiver.mood(Mood::Takes);
    let mut alice = house.device("alice").await;
    let later = alice.call("bob").await;
    assert_eq!(receiver.next_of("call.started").await["callId"], later);
}
