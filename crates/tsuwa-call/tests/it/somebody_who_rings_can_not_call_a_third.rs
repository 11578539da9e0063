//! Row 12a.

use crate::town::{Town, calls, group};
use tsuwa_proto::Code;

#[test]
fn somebody_who_rings_can_not_call_a_third() {
    let mut town = Town::of(&["A1", "B1", "C1"]);
    town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.refused("B1", calls("C", 1), Code::WrongState);
    town.refused("B1", group(&["C", "A"], 1), Code::WrongState);
}
