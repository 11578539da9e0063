//! Row 6b.

use crate::town::Town;

#[test]
fn an_accept_before_the_hangup_connects_then_ends() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.accept("B1", call);
    town.hangup("A1", call);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onInvited A [] false 1", "onUserEnter A", "onUserLeave A 0", "onCallEnd"]);
}
