//! A `login` with the same device id takes its session's place without a kick and resumes the call.

use crate::town::Town;

#[test]
fn a_new_process_on_the_same_device_is_in_its_call() {
    let (mut town, call) = Town::talking();
    town.socket("A1", false);
    town.sees("B1", &["quality A 6"]);
    town.sign_in("A1");
    town.sees("A1", &["onUserEnter B", "audio B true"]);
    town.sees("B1", &["quality A 0"]);
    assert!(town.admitted("A1", call));
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0", "onCallEnd"]);
}
