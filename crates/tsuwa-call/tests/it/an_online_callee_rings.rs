//! Row 1.

use crate::town::Town;

#[test]
fn an_online_callee_rings() {
    let mut town = Town::of(&["A1", "B1"]);
    town.call("A1", "B", 2);
    town.sees("B1", &["onInvited A [] false 2"]);
    town.sees("A1", &[]);
}
