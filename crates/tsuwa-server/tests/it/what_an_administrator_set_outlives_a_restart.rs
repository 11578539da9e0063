use crate::harness::House;
use serde_json::{Value, json};
use tsuwa_server::{Block, Config};

fn policy(ring_timeout_s: u32, grace_ms: u64) -> Value {
    json!({ "devices": "many", "closed_list": false, "ring_timeout_s": ring_timeout_s, "grace_ms": grace_ms })
}

async fn listed(house: &House) -> Vec<String> {
    let (_, users) = house.admin("GET", "/users", None).await;
    let users = users["users"].as_array().expect("a list");
    users
        .iter()
        .filter(|user| user["listed"] == true)
        .map(|user| user["userId"].as_str().unwrap_or("").into())
        .collect()
}

async fn blocked(house: &House) -> Value {
    house.admin("GET", "/users/bob/blocklist", None).await.1["blocked"].clone()
}

fn configure(config: &mut Config) {
    let app = &mut config.apps[0];
    app.users = ["alice", "bob"].map(|user| user.parse().expect("an id")).into();
    app.blocklist = vec![Block { user: "bob".parse().expect("an id"), blocked: "mallory".parse().expect("an id") }];
    app.policy.grace_ms = 9_000;
}

#[tokio::test]
async fn and_the_configuration_is_applied_only_where_it_changed() {
    let house = House::open_with(configure).await;
    assert_eq!(house.admin("GET", "/policy", None).await.1, policy(30, 9_000));
    assert_eq!((listed(&house).await, blocked(&house).await), (vec!["alice".into(), "bob".into()], json!(["mallory"])));

    assert_eq!(house.admin("PUT", "/policy", Some(policy(20, 8_000))).await.0, 200);
    assert_eq!(house.admin("DELETE", "/users/alice", None).await.0, 200);
    assert_eq!(house.admin("POST", "/users", Some(json!({ "users": ["carol"] }))).await.0, 200);
    assert_eq!(house.admin("DELETE", "/users/bob/blocklist/mallory", None).await.0, 200);
    assert_eq!(house.admin("PUT", "/users/bob/blocklist/eve", None).await.0, 200);
    let set = (policy(20, 8_000), vec!["bob".to_owned(), "carol".to_owned()], json!(["eve"]));

    // Twice, as what was applied before the last start is remembered, too.
    let mut house = house;
    for _ in 0..2 {
        house = house.restart().await;
        let now = house.admin("GET", "/policy", None).await.1;
        assert_eq!((now, listed(&house).await, blocked(&house).await), set);
    }

    // The file says something new of the grace, of dave, and no more of bob.
    let house = house
        .restart_with(|config| {
            let app = &mut config.apps[0];
            app.policy.grace_ms = 7_000;
            app.users = ["alice", "dave"].map(|user| user.parse().expect("an id")).into();
        })
        .await;
    assert_eq!(house.admin("GET", "/policy", None).await.1, policy(20, 7_000), "the ringing is as it was set");
    assert_eq!((listed(&house).await, blocked(&house).await), (vec!["carol".into(), "dave".into()], json!(["eve"])));
}
