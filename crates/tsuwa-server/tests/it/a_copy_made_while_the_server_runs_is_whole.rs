use crate::harness::{Folder, House, talk};
use crate::logbook::change;
use std::fs;

/// As docs/reliability.md says that copies are to be made: by SQLite, which sees the file at one moment.
#[tokio::test]
async fn a_copy_made_while_the_server_runs_is_whole() {
    let house = House::open().await;
    let (alice, mut bob, call) = talk(&house, "alice", "bob").await;
    let (app, elsewhere) = (house.config.apps[0].id, Folder::new());
    let (file, copy) = (house.config.data.calls_path(app), elsewhere.0.join("copy.sqlite"));
    change(&file, &format!("VACUUM INTO '{}'", copy.display()));

    // What happens after it is not in it.
    bob.ask("hangup", serde_json::json!({ "callId": call })).await.expect("a hangup");
    let house = house
        .restart_with(|config| {
            let file = config.data.calls_path(app);
            fs::copy(&copy, &file).expect("put back");
            fs::remove_file(file.with_file_name("calls.sqlite-head")).expect("and what was said of the other one away");
        })
        .await;
    for device in [&alice, &bob] {
        assert_eq!(house.resume(device).await.welcome["call"]["callId"], call.as_str());
    }
}
