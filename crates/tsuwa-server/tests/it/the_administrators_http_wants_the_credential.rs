use crate::harness::House;
use serde_json::Value;

const ROUTES: &[(&str, &str)] = &[
    ("GET", "/policy"),
    ("PUT", "/policy"),
    ("GET", "/users"),
    ("POST", "/users"),
    ("DELETE", "/users/bob"),
    ("GET", "/users/bob/blocklist"),
    ("PUT", "/users/bob/blocklist/alice"),
    ("DELETE", "/users/bob/blocklist/alice"),
    ("POST", "/users/bob/signout"),
    ("POST", "/users/bob/devices/phone/signout"),
    ("GET", "/calls"),
    ("DELETE", "/calls/1"),
    ("GET", "/records"),
    ("GET", "/records/1"),
    ("GET", "/nothing"),
    ("POST", "/records"),
];

#[tokio::test]
async fn the_administrators_http_wants_the_credential() {
    // The attempts are not to be slowed here.
    let house = House::open_with(|config| config.limits.failed_sign_ins_per_min = 1_000).await;
    let mut bob = house.device("bob").await;
    let app = &house.config.apps[0];
    let (secret, token) = (app.secret.expose(), app.admin_token.expose());
    let wrong = [String::new(), "Bearer ".into(), format!("Bearer {secret}"), token.into(), format!("Basic {token}")];
    for (method, path) in ROUTES {
        for shown in &wrong {
            let path = format!("/v1/apps/{}{path}", house.app());
            let headers: &[(&str, &str)] = if shown.is_empty() { &[] } else { &[("Authorization", shown)] };
            let (status, body) = house.http(method, &path, headers, None).await;
            assert_eq!(status, 401, "{method} {path} with {shown:.10}");
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(body["error"]["code"], 6014);
        }
    }
    bob.nothing_more().await;
    // With it: another app's is not here, and neither is what is no route.
    let bearer = format!("Bearer {token}");
    let (status, body) = house.http("GET", "/v1/apps/7/policy", &[("Authorization", &bearer)], None).await;
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, body["error"]["code"].as_i64()), (404, Some(70_020)));
    assert_eq!(house.admin("GET", "/nothing", None).await.0, 404);
    let (status, body) = house.admin("POST", "/records", None).await;
    assert_eq!((status, body["error"]["code"].as_i64()), (405, Some(-32_601)));
}
