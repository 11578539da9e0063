//! Row 17.

use crate::town::Town;

#[test]
fn a_callee_can_invite_and_is_told_the_outcome() {
    let (mut town, call) = Town::talking();
    town.call("B1", "C", 1);
    town.sees("C1", &["onInvited B [] true 1"]);
    town.reject("C1", call);
    town.sees("B1", &["onReject C"]);
    town.call("B1", "C", 1);
    town.sees("C1", &["onInvited B [] true 1"]);
    town.wait_ms(30_000);
    town.sees("B1", &["onNoResp C"]);
    town.sees("C1", &["onCallingTimeOut"]);
    town.sees("A1", &[]);
}
