//! A state read back goes on like the one that was written.

use crate::town::Town;

#[test]
fn the_state_is_the_same_after_being_written_and_read() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    let kept = serde_json::to_string(&town.switchboard).expect("written");
    town.switchboard = serde_json::from_str(&kept).expect("read");
    town.accept("C1", call);
    town.sees("C1", &["onInvited A [] true 1", "onUserEnter A", "onUserEnter B", "audio A true", "audio B true"]);
    town.forget_what_was_seen();
}
