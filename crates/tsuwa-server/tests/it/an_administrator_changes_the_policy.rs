use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn an_administrator_changes_the_policy() {
    let house = House::open().await;
    let first = json!({ "devices": "many", "closed_list": false, "ring_timeout_s": 30, "grace_ms": 15000 });
    assert_eq!(house.admin("GET", "/policy", None).await, (200, first));

    let one = json!({ "devices": "one", "closed_list": false, "ring_timeout_s": 20, "grace_ms": 15000 });
    assert_eq!(house.admin("PUT", "/policy", Some(one.clone())).await, (200, json!({})));
    assert_eq!(house.admin("GET", "/policy", None).await, (200, one));
    let mut phone = house.device_named("alice", "phone").await;
    let mut desk = house.device_named("alice", "desk").await;
    phone.event("onKickedOffline").await;
    assert_eq!(phone.end().await, 4001);
    let mut back = house.socket().await;
    assert_eq!(back.ask("resume", house.resume_params(&phone)).await, Err(6208));
    desk.nothing_more().await;

    let (status, refusal) = house.admin("PUT", "/policy", Some(json!({ "ring_timeout_s": 0 }))).await;
    assert_eq!((status, &refusal["error"]["code"]), (400, &json!(-1202)));
    for wrong in [json!({ "devices": "none" }), json!({ "grace": 5 }), json!([]), json!(["one"]), json!(null)] {
        let (status, refusal) = house.admin("PUT", "/policy", Some(wrong.clone())).await;
        assert_eq!((status, &refusal["error"]["code"]), (400, &json!(-1202)), "{wrong}");
    }
}
