use crate::harness::{Device, House, talk};
use serde_json::{Value, json};

/// The last call of this device's user.
async fn last(device: &mut Device) -> Value {
    let page = device.ask("queryRecentCalls", json!({ "limit": 1 })).await.expect("an answer");
    page["calls"][0].clone()
}

async fn saw(device: &mut Device, call: &str, direction: &str, outcome: &str) -> Value {
    let seen = last(device).await;
    assert_eq!(seen["callId"], call);
    assert_eq!((&seen["direction"], &seen["outcome"]), (&json!(direction), &json!(outcome)), "{seen}");
    seen
}

/// The record of a call, as the app's server gets it.
async fn record(house: &House, call: &str) -> Value {
    let (status, record) = house.admin("GET", &format!("/records/{call}"), None).await;
    assert_eq!(status, 200, "{record}");
    assert_eq!(record["callId"], call);
    record
}

#[tokio::test]
async fn an_answered_call_is_answered_for_both() {
    let house = House::open().await;
    let (mut alice, mut bob, call) = talk(&house, "alice", "bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let seen = saw(&mut alice, &call, "outgoing", "answered").await;
    assert_eq!(seen["userIds"], json!(["bob"]));
    let seen = saw(&mut bob, &call, "incoming", "answered").await;
    assert_eq!(seen["userIds"], json!(["alice"]));
    let record = record(&house, &call).await;
    assert_eq!((&record["outcome"], &record["caller"]), (&json!("answered"), &json!("alice")));
    assert_eq!(record["talkedMs"], seen["talkedMs"], "both were in it as long as the call was talked in");
    let how: Vec<_> = record["stays"].as_array().expect("a list").iter().map(|stay| &stay["left"]).collect();
    assert_eq!(how, ["hung_up", "last_one"]);
}

#[tokio::test]
async fn a_call_that_nobody_answers_is_missed() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;
    let params = json!({ "userId": "bob", "type": 2, "timeout": 1 });
    let call = alice.ask("call", params).await.expect("a call")["callId"].as_str().expect("an id").to_owned();
    bob.event("onInvited").await;
    bob.event("onCallingTimeOut").await;
    alice.event("onNoResp").await;
    let seen = saw(&mut alice, &call, "outgoing", "no_answer").await;
    assert!(seen["ringingMs"].as_u64() >= Some(1000), "{seen}");
    assert_eq!((&seen["type"], &seen["talkedMs"]), (&json!(2), &json!(0)));
    saw(&mut bob, &call, "incoming", "missed").await;
    assert_eq!(record(&house, &call).await["invitations"][0]["rang"], true);
}

#[tokio::test]
async fn a_call_while_the_user_was_away_is_found_at_the_next_sign_in() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    saw(&mut alice, &call, "outgoing", "cancelled").await;
    let mut bob = house.device("bob").await;
    saw(&mut bob, &call, "incoming", "missed").await;
    assert_eq!(record(&house, &call).await["invitations"][0]["rang"], false);
}

#[tokio::test]
async fn a_declined_call_is_declined_for_both() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;
    let call = alice.call("bob").await;
    bob.event("onInvited").await;
    bob.ask("reject", json!({ "callId": call })).await.expect("a reject");
    alice.event("onReject").await;
    saw(&mut alice, &call, "outgoing", "declined").await;
    saw(&mut bob, &call, "incoming", "declined").await;
}

#[tokio::test]
async fn who_calls_a_busy_user_hears_it_and_the_user_has_missed_one() {
    let house = House::open().await;
    let (_alice, mut bob, _) = talk(&house, "alice", "bob").await;
    let mut carol = house.device("carol").await;
    let call = carol.call("bob").await;
    carol.event("onLineBusy").await;
    carol.event("onCallEnd").await;
    saw(&mut carol, &call, "outgoing", "busy").await;
    saw(&mut bob, &call, "incoming", "missed").await;
}

#[tokio::test]
async fn a_call_answered_on_one_device_was_answered_elsewhere_for_the_other() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let mut phone = house.device_named("bob", "phone").await;
    let mut tablet = house.device_named("bob", "tablet").await;
    let call = alice.call("bob").await;
    phone.event("onInvited").await;
    phone.ask("accept", json!({ "callId": call })).await.expect("an accept");
    phone.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    saw(&mut phone, &call, "incoming", "answered").await;
    saw(&mut tablet, &call, "incoming", "answered_elsewhere").await;
    assert_eq!(record(&house, &call).await["invitations"][0]["device"], "phone");
}

#[tokio::test]
async fn a_call_taken_back_is_cancelled_for_one_and_missed_for_the_other() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let mut bob = house.device("bob").await;
    let call = alice.call("bob").await;
    bob.event("onInvited").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    bob.event("onCallingCancel").await;
    saw(&mut alice, &call, "outgoing", "cancelled").await;
    saw(&mut bob, &call, "incoming", "missed").await;
}

#[tokio::test]
async fn a_call_whose_media_does_not_come_up_has_failed_for_both() {
    let house = House::open().await;
    let mut alice = house.webrtc_device("alice").await;
    let mut bob = house.webrtc_device("bob").await;
    let call = alice.call("bob").await;
    alice.event("mediaOffer").await;
    bob.event("onInvited").await;
    let offer = bob.event("mediaOffer").await;
    bob.ask("accept", json!({ "callId": call })).await.expect("an accept");
    let answer = json!({ "callId": call, "offerId": offer["offerId"], "sdp": "no session at all" });
    bob.ask("mediaAnswer", answer).await.expect("it is taken");
    bob.event("onUserEnter").await;
    alice.event("onUserEnter").await;
    bob.event("onError").await;
    bob.event("onCallEnd").await;
    saw(&mut alice, &call, "outgoing", "failed").await;
    saw(&mut bob, &call, "incoming", "failed").await;
    let record = record(&house, &call).await;
    assert_eq!(record["outcome"], "failed");
    assert_eq!(record["stays"][0]["left"], "media_failed", "{record}");
}
