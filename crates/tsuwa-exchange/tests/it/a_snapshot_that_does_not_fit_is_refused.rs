use crate::town::{APP, EPOCH, Town};
use serde_json::json;
use tsuwa_exchange::{Exchange, Log, RecoverError, Snapshot};
use tsuwa_proto::AppId;

#[test]
fn of_another_version() {
    let mut written = serde_json::to_value(Town::new().exchange.snapshot()).unwrap();
    assert_eq!(written["version"], "2");
    written["version"] = json!("3");
    let error = serde_json::from_value::<Snapshot>(written).unwrap_err().to_string();
    assert!(error.contains("unknown variant"), "{error}");
}

#[test]
fn of_another_app() {
    let snapshot = Town::new().exchange.snapshot();
    assert_eq!(Exchange::recover(AppId(7), EPOCH, Some(snapshot), &[]), Err(RecoverError::OtherApp(APP)));
}

#[test]
fn with_a_gap_after_it() {
    let mut town = Town::new();
    let snapshot = town.exchange.snapshot();
    town.sign_in("alice", "laptop");
    town.sign_in("bob", "phone");
    let tail = &town.log.load().unwrap().tail[2..];
    let gap = RecoverError::Gap { due: tail[0].position - 1, came: tail[0].position };
    assert_eq!(Exchange::recover(APP, EPOCH, Some(snapshot), tail), Err(gap));
}
