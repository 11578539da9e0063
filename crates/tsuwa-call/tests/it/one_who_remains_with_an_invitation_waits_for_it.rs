//! Row 20.

use crate::town::Town;

#[test]
fn one_who_remains_with_an_invitation_waits_for_it() {
    let (mut town, call) = Town::talking();
    town.call("B1", "C", 1);
    town.sees("C1", &["onInvited B [] true 1"]);
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0"]);
    town.wait_ms(30_000);
    town.sees("B1", &["onNoResp C", "onCallEnd"]);
    town.sees("C1", &["onCallingTimeOut"]);
}
