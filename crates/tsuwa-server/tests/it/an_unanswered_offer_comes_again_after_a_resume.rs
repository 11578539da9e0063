use crate::harness::House;

#[tokio::test]
async fn an_unanswered_offer_comes_again_after_a_resume() {
    let house = House::open().await;
    let (mut alice, mut bob) = (house.webrtc_device("alice").await, house.webrtc_device("bob").await);
    let call = alice.call("bob").await;
    bob.event("onInvited").await;
    let first = bob.event("mediaOffer").await;

    let mut bob = house.resume(&bob).await;
    let again = bob.event("mediaOffer").await;
    assert_eq!(again["callId"], call);
    assert_ne!(again["offerId"], first["offerId"]);
}
