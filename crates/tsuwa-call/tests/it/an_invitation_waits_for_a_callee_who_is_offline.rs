//! Row 10: the 30 s count from the call.

use crate::town::Town;

#[test]
fn an_invitation_waits_for_a_callee_who_is_offline() {
    let mut town = Town::of(&["A1"]);
    let call = town.call("A1", "B", 1);
    town.wait_ms(29_000);
    town.sign_in("B1");
    town.sees("B1", &["onInvited A [] false 1"]);
    town.wait_ms(500);
    town.accept("B1", call);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onUserEnter A"]);
}
