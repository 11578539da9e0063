use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn an_administrator_signs_a_user_out() {
    let house = House::open().await;
    let mut phone = house.device_named("alice", "phone").await;
    let mut desk = house.device_named("alice", "desk").await;
    let mut bob = house.device("bob").await;
    assert_eq!(house.admin("POST", "/users/alice/devices/phone/signout", None).await, (200, json!({})));
    assert_eq!(phone.end().await, 4002);
    desk.nothing_more().await;

    assert_eq!(house.admin("POST", "/users/alice/signout", None).await, (200, json!({})));
    assert_eq!(desk.end().await, 4002);
    let mut socket = house.socket().await;
    assert_eq!(socket.ask("resume", house.resume_params(&desk)).await, Err(6208));
    bob.nothing_more().await;

    let (status, refusal) = house.admin("POST", "/users/alice/signout", None).await;
    assert_eq!((status, &refusal["error"]["code"]), (404, &json!(6014)));
}
