use crate::harness::House;
use serde_json::json;

/// Whoever copies the file of a server that was stopped has everything, also where somebody had looked at records.
#[tokio::test]
async fn a_clean_stop_leaves_one_whole_file() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    assert_eq!(house.admin("GET", &format!("/records/{call}"), None).await.0, 200);
    alice.ask("queryRecentCalls", json!({})).await.expect("a page");

    let file = house.config.data.calls_path(house.config.apps[0].id);
    let beside = file.with_file_name("calls.sqlite-wal");
    assert!(beside.exists(), "while the server runs there is more than one file");
    let (_, _folder) = house.stop().await;
    assert!(file.exists() && !beside.exists());
}
