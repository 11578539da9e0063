use crate::harness::House;

#[tokio::test]
async fn a_signed_in_device_is_welcomed() {
    let house = House::open().await;
    let alice = house.device("alice").await;
    let welcome = alice.welcome.as_object().expect("an object");
    assert!(welcome["sessionId"].as_str().is_some_and(|id| !id.is_empty()), "{welcome:?}");
    assert!(welcome["resumeToken"].as_str().is_some_and(|token| token.len() >= 32), "{welcome:?}");
    assert_eq!(welcome["keptMs"], 60_000);
    assert_eq!(welcome.get("call"), None);
}
