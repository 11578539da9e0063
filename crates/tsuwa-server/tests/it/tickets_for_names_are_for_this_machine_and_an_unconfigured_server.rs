use crate::harness::{Folder, House};
use crate::raw_http::raw;
use serde_json::Value;
use tsuwa_server::{Config, Settings};

fn ask(host: &str, more: &str) -> String {
    format!("POST /ticket HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{more}")
}

fn body(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)).unwrap_or_default()
}

const ALICE: &str = r#"{"userId":"alice"}"#;

#[tokio::test]
async fn a_page_of_an_unconfigured_server_gets_a_ticket_that_signs_in() {
    let house = House::open().await;
    let host = house.server.address().to_string();
    let answer = raw(&house, &ask(&host, &format!("Origin: http://{host}\r\n")), ALICE).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let ticket = body(&answer);
    assert_eq!(ticket["sdkAppId"], house.app());
    let key = tsuwa_usersig::Key::new(house.config.apps[0].secret.expose()).unwrap();
    let now = crate::harness::now_s();
    tsuwa_usersig::verify(&key, house.app(), "alice", now, ticket["userSig"].as_str().unwrap()).unwrap();
    let about = raw(&house, &format!("GET /about HTTP/1.1\r\nHost: {host}\r\n"), "").await;
    assert_eq!(body(&about)["tickets"], true);

    let bad = raw(&house, &ask(&host, ""), r#"{"userId":"not a name"}"#).await;
    assert_eq!((bad.starts_with("HTTP/1.1 400"), body(&bad)["error"]["code"].as_i64()), (true, Some(7003)));
    let none = raw(&house, &ask(&host, ""), "{}").await;
    assert!(none.starts_with("HTTP/1.1 400"), "{none}");
}

/// Other sites' pages reach loopback too: through the browser of whoever looks at them.
#[tokio::test]
async fn pages_of_other_sites_get_none() {
    let house = House::open().await;
    let host = house.server.address().to_string();
    let plain = format!("POST /ticket HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\n");
    for request in [
        ask(&host, "Origin: https://example.com\r\n"),
        ask(&host, "Origin: null\r\n"),
        ask("example.com", ""),
        ask("example.com:7700", "Origin: http://example.com:7700\r\n"),
        ask(&host, "X-Forwarded-For: 192.0.2.7\r\n"),
        plain,
    ] {
        let answer = raw(&house, &request, ALICE).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{request}: {answer}");
    }
}

#[tokio::test]
async fn a_configured_server_gives_none() {
    let folder = Folder::new();
    let file = folder.file("tsuwa.toml", "");
    let local = || Settings { data: Some(folder.0.clone()), ..Settings::default() };
    assert!(Config::load(local()).unwrap().gives_tickets);
    let configured = Config::load(Settings { config: Some(file), ..local() }).unwrap();
    assert!(!configured.gives_tickets, "an empty file is a configuration");
    let open = Config::load(Settings { listen: Some("0.0.0.0:7700".parse().unwrap()), ..local() }).unwrap();
    assert!(!open.gives_tickets, "others than this machine may reach it");

    let house = House::open_with(|config| config.gives_tickets = false).await;
    let host = house.server.address().to_string();
    let answer = raw(&house, &ask(&host, ""), ALICE).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let about = raw(&house, &format!("GET /about HTTP/1.1\r\nHost: {host}\r\n"), "").await;
    assert_eq!(body(&about)["tickets"], false);
}
