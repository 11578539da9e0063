//! Row 13.

use crate::town::Town;

#[test]
fn a_second_caller_hears_busy_and_the_ringing_goes_on() {
    let mut town = Town::of(&["A1", "B1", "D1"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.call("D1", "B", 2);
    town.sees("D1", &["onLineBusy B", "onCallEnd"]);
    town.wait_ms(29_000);
    town.accept("B1", call);
    town.sees("B1", &["onUserEnter A"]);
    town.sees("A1", &["onUserEnter B"]);
}
