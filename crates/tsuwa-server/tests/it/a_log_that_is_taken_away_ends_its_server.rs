use crate::harness::{House, PATIENCE, talk};
use std::fs;
use std::time::Instant;

/// What is written to a file that nobody finds again is lost, so nothing goes on as if it were kept.
#[tokio::test]
async fn a_log_that_is_taken_away_ends_its_server() {
    let house = House::open().await;
    let (alice, bob, call) = talk(&house, "alice", "bob").await;
    let file = house.config.data.calls_path(house.config.apps[0].id);
    let folder = file.parent().expect("a folder").to_owned();
    let away = folder.with_file_name("away");
    fs::rename(&folder, &away).expect("moved");
    let until = Instant::now() + PATIENCE;
    // Each is an input of the log.
    while house.admin("POST", "/users/carol/signout", None).await.0 != 503 {
        assert!(Instant::now() < until, "it goes on without its log");
    }

    let back = || fs::rename(&away, &folder).expect("moved back");
    let house = house.restart_failed(back).await;
    for device in [alice, bob] {
        assert_eq!(house.resume(&device).await.welcome["call"]["callId"], call.as_str(), "the call goes on");
    }
}
