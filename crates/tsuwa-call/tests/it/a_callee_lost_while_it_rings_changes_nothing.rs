//! Row 9d: the caller sees row 5; the callee, back with a new session, rings.

use crate::town::Town;

#[test]
fn a_callee_lost_while_it_rings_changes_nothing() {
    let mut town = Town::of(&["A1", "B1"]);
    town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.socket("B1", false);
    town.wait_ms(20_000);
    town.sees("A1", &[]);
    town.sign_in("B1");
    town.sees("B1", &["onInvited A [] false 1"]);
    town.wait_ms(10_000);
    town.sees("B1", &["onCallingTimeOut"]);
    town.sees("A1", &["onNoResp B", "onCallEnd"]);
}
