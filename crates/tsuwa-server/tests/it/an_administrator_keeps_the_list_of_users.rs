use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn an_administrator_keeps_the_list_of_users() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    assert_eq!(house.admin("PUT", "/policy", Some(json!({ "closed_list": true }))).await.0, 200);
    let call = json!({ "userId": "bob", "type": 1 });
    assert_eq!(alice.ask("call", call.clone()).await, Err(101_002));

    assert_eq!(house.admin("POST", "/users", Some(json!({ "users": ["bob", "carol"] }))).await, (200, json!({})));
    let (status, page) = house.admin("GET", "/users", None).await;
    assert_eq!(status, 200);
    assert_eq!(
        page,
        json!({
            "users": [
                { "userId": "alice", "listed": false, "devices": ["phone"] },
                { "userId": "bob", "listed": true, "devices": [] },
                { "userId": "carol", "listed": true, "devices": [] },
            ],
            "more": false,
        })
    );
    let (_, rest) = house.admin("GET", "/users?after=bob", None).await;
    assert_eq!(rest["users"][0]["userId"], "carol");
    alice.ask("call", call.clone()).await.expect("a call");

    assert_eq!(house.admin("DELETE", "/users/carol", None).await, (200, json!({})));
    let carol = json!({ "userId": "carol", "type": 1 });
    assert_eq!(alice.ask("call", carol).await, Err(101_002));
    let (status, refusal) = house.admin("POST", "/users", Some(json!({ "users": ["no spaces"] }))).await;
    assert_eq!((status, &refusal["error"]["code"]), (400, &json!(7003)));
}
