//! Row 23.

use crate::town::Town;

#[test]
fn a_group_call_rings_at_all_of_them() {
    let mut town = Town::of(&["A1", "B1", "C1"]);
    let call = town.group_call("A1", &["B", "C"], 1);
    town.sees("B1", &["onInvited A [C] true 1"]);
    town.sees("C1", &["onInvited A [B] true 1"]);
    town.accept("C1", call);
    town.sees("A1", &["onUserEnter C"]);
    town.sees("C1", &["onUserEnter A"]);
    town.sees("B1", &[]);
}
