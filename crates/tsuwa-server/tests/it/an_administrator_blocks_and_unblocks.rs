use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn an_administrator_blocks_and_unblocks() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let entry = "/users/bob/blocklist/alice";
    assert_eq!(house.admin("PUT", entry, None).await, (200, json!({})));
    assert_eq!(house.admin("GET", "/users/bob/blocklist", None).await, (200, json!({ "blocked": ["alice"] })));
    assert_eq!(alice.ask("call", json!({ "userId": "bob", "type": 1 })).await, Err(20_007));

    assert_eq!(house.admin("DELETE", entry, None).await, (200, json!({})));
    assert_eq!(house.admin("GET", "/users/bob/blocklist", None).await, (200, json!({ "blocked": [] })));
    alice.call("bob").await;
}
