//! Row 9c.

use crate::town::Town;

#[test]
fn a_lost_caller_can_be_answered_within_its_grace() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.socket("A1", false);
    town.wait_ms(5_000);
    town.accept("B1", call);
    town.sees("B1", &["onInvited A [] false 1", "onUserEnter A", "quality A 6"]);
    // Kept for it by its session.
    town.sees("A1", &["onUserEnter B"]);
    town.wait_ms(10_000);
    town.sees("B1", &["onUserLeave A 1", "onCallEnd"]);
    town.socket("A1", true);
    town.sees("A1", &["onCallEnd timed_out"]);
}
