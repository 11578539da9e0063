use crate::harness::House;
use serde_json::{Value, json};
use tsuwa_proto::AppId;
use tsuwa_server::Secret;

#[tokio::test]
async fn an_apps_records_are_its_own() {
    let house = House::open_with(|config| {
        let mut other = config.apps[0].clone();
        other.id = AppId(7);
        other.secret = Secret::random().expect("random numbers");
        other.admin_token = Secret::random().expect("random numbers");
        config.apps.push(other);
    })
    .await;
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let [own, others] = [0, 1].map(|app: usize| {
        let app = &house.config.apps[app];
        (app.id.0, format!("Bearer {}", app.admin_token.expose()))
    });
    let get = async |app: u32, token: &str, path: &str| {
        let path = format!("/v1/apps/{app}/records{path}");
        let (status, body) = house.http("GET", &path, &[("Authorization", token)], None).await;
        (status, serde_json::from_str::<Value>(&body).expect("JSON"))
    };
    let one = format!("/{call}");
    for path in ["", &one] {
        assert_eq!(get(own.0, &own.1, path).await.0, 200);
        // Another app's credential, and what is no app.
        assert_eq!(get(own.0, &others.1, path).await.0, 401);
        let (status, body) = get(8, &own.1, path).await;
        assert_eq!((status, body["error"]["code"].as_i64()), (404, Some(70_020)));
    }
    // The other app knows nothing of it.
    assert_eq!(get(others.0, &others.1, "").await, (200, json!({ "records": [], "more": false })));
    assert_eq!(get(others.0, &others.1, &one).await.0, 404);
}
