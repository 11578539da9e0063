//! Rows 7 and 8.

use crate::town::Town;

#[test]
fn a_hangup_while_talking_ends_it_for_the_other() {
    let (mut town, call) = Town::talking();
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0", "onCallEnd"]);
    town.sees("A1", &[]);
    let call = town.call("A1", "B", 1);
    town.accept("B1", call);
    town.forget_what_was_seen();
    town.hangup("B1", call);
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
}
