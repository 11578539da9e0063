use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn an_offer_comes_behind_its_cause() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.webrtc_device("alice").await, house.webrtc_device("bob").await);
    let id = alice.begin("call", json!({ "userId": "bob", "type": 1 })).await;
    let result = alice.frame().await.expect("a frame");
    assert_eq!(result["id"], id, "first the result: {result}");
    let call = result["result"]["callId"].clone();
    let offer = alice.event("mediaOffer").await;
    assert_eq!((&offer["callId"], &offer["fresh"]), (&call, &json!(true)));
    assert!(offer["sdp"].as_str().is_some_and(|sdp| sdp.contains("a=candidate:")), "{offer}");
    assert_eq!(offer["streams"][0]["kind"], "audio");

    assert_eq!(bob.event("onInvited").await["callId"], call);
    assert_eq!(bob.event("mediaOffer").await["callId"], call);
}
