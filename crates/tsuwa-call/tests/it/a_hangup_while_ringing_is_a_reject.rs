//! Row 32.

use crate::town::Town;

#[test]
fn a_hangup_while_ringing_is_a_reject() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.hangup("B1", call);
    town.sees("A1", &["onReject B", "onCallEnd"]);
}
