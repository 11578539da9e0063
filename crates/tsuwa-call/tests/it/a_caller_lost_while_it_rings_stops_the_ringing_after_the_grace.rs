//! Row 9b.

use crate::town::Town;

#[test]
fn a_caller_lost_while_it_rings_stops_the_ringing_after_the_grace() {
    let mut town = Town::of(&["A1", "B1"]);
    town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.socket("A1", false);
    town.wait_ms(14_999);
    town.sees("B1", &[]);
    town.wait_ms(1);
    town.sees("B1", &["onCallingCancel caller_lost"]);
    town.socket("A1", true);
    town.sees("A1", &["onCallEnd timed_out"]);
}
