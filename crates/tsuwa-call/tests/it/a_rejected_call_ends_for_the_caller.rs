//! Row 3.

use crate::town::Town;

#[test]
fn a_rejected_call_ends_for_the_caller() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.reject("B1", call);
    town.sees("A1", &["onReject B", "onCallEnd"]);
}
