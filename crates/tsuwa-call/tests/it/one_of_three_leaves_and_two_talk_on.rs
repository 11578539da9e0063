//! Rows 18 and 19.

use crate::town::Town;

#[test]
fn one_of_three_leaves_and_two_talk_on() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    town.accept("C1", call);
    town.forget_what_was_seen();
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0"]);
    town.sees("C1", &["onUserLeave A 0"]);
    town.hangup("C1", call);
    town.sees("B1", &["onUserLeave C 0", "onCallEnd"]);
}
