use crate::harness::{Folder, House};
use crate::logbook::{beside, change};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};
use tsuwa_exchange::{Exchange, Input, LOG_VERSION, Log};
use tsuwa_proto::Millis;
use tsuwa_server::store::{Keeper, LogSync, Store};
use tsuwa_server::{Config, Server, StartError};

/// A snapshot that version 1 wrote, in the middle of two calls; its clock says 1003 s after 1970 began.
const BEFORE: &str = include_str!("../../../tsuwa-exchange/tests/snapshots/version-1.json");
const ITS_MOMENT_MS: u64 = 1_003_000;

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as u64)
}

/// Brings every moment in it to the present; positions are far above them, and everything else is below.
fn brought_to(now_ms: u64, value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(moment) = number.as_u64().filter(|number| (900_000..1_000_000_000).contains(number)) {
                *value = (moment + now_ms - ITS_MOMENT_MS).into();
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|each| brought_to(now_ms, each)),
        Value::Object(all) => all.values_mut().for_each(|each| brought_to(now_ms, each)),
        _ => {}
    }
}

fn store(config: &Config) -> Store {
    let app = config.apps[0].id;
    let keeper = Keeper::start().expect("a thread");
    Store::open(&config.data.calls_path(app), app, LogSync::Second, &keeper).expect("a log")
}

#[tokio::test]
async fn that_stopped_the_version_before_cleanly() {
    let house = House::open_with(|config| {
        let mut snapshot: Value = serde_json::from_str(BEFORE).expect("a snapshot");
        brought_to(now_ms(), &mut snapshot);
        let mut store = store(config);
        store.reign().expect("a reign");
        store.keep(&serde_json::from_value(snapshot).expect("it is read")).expect("it is kept");
    })
    .await;
    let mut alice = house.device_named("alice", "laptop").await;
    let bob = house.device_named("bob", "phone").await;
    let call = alice.welcome["call"]["callId"].clone();
    assert_eq!(call, "1048576000003", "alice is in her call");
    assert_eq!(bob.welcome["call"]["callId"], call, "with bob");
    // What she had not seen comes again, and then that bob is back.
    alice.event("onUserEnter").await;
    for quality in [6, 0] {
        assert_eq!(alice.event("onNetworkQuality").await["quality"], quality);
    }
    assert_eq!(house.admin("DELETE", "/calls/1048576000003", None).await.0, 200);
    alice.event("onCallEnd").await;
    let (status, record) = house.admin("GET", "/records/1048576000003", None).await;
    assert_eq!((status, &record["caller"]), (200, &"alice".into()), "{record}");
}

#[tokio::test]
async fn but_not_after_one_that_was_killed() {
    let folder = Folder::new();
    let config = Config::local(&folder.0).expect("a configuration");
    let app = config.apps[0].id;
    let path = config.data.calls_path(app);
    {
        let mut store = store(&config);
        let mut exchange = Exchange::new(app, store.reign().expect("a reign"));
        store.append(&[exchange.propose(Millis(now_ms()), Input::Started)]).expect("appended");
    }
    change(&path, &format!("UPDATE reigns SET log_version = {}, program = '0.0.9'", LOG_VERSION + 1));
    let before = std::fs::read(&path).expect("the file");
    let refusal = Server::start(config.clone()).await.expect_err("another version's tail");
    assert!(matches!(refusal, StartError::Log(_)), "{refusal}");
    let said = refusal.to_string();
    for word in ["calls.sqlite", "tsuwa 0.0.9", "was not stopped cleanly", "Start the program that wrote it once more"]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert_eq!(std::fs::read(&path).expect("the file"), before, "the file is left as it is");
    // Whoever does without the calls moves it away.
    for part in ["", "-wal", "-shm", "-head"] {
        let _ = std::fs::rename(beside(&path, part), beside(&folder.0.join("away"), part));
    }
    assert!(Server::start(config).await.expect("a server").join(std::future::ready(())).await);
}

#[tokio::test]
async fn and_a_snapshot_of_a_later_version_is_refused() {
    let folder = Folder::new();
    let config = Config::local(&folder.0).expect("a configuration");
    let path = config.data.calls_path(config.apps[0].id);
    drop(store(&config));
    let body = r#"{"version":"99","state":{}}"#;
    let mut crc = flate2::Crc::new();
    crc.update(&7_u64.to_le_bytes());
    crc.update(body.as_bytes());
    change(&path, &format!("INSERT INTO snapshot VALUES (1, 7, '{body}', {})", crc.sum()));
    let said = Server::start(config).await.expect_err("a later version's snapshot").to_string();
    for word in ["calls.sqlite", "version 99", "start the later version that wrote it"] {
        assert!(said.contains(word), "{word}: {said}");
    }
}
