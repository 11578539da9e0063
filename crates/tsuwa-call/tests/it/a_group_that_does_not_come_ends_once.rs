//! Row 24.

use crate::town::Town;

#[test]
fn a_group_that_does_not_come_ends_once() {
    let mut town = Town::of(&["A1", "B1", "C1", "D1", "E1"]);
    town.call("D1", "E", 1);
    town.sees("E1", &["onInvited D [] false 1"]);
    let call = town.group_call("A1", &["B", "C", "D"], 1);
    town.sees("A1", &["onLineBusy D"]);
    town.reject("B1", call);
    town.sees("A1", &["onReject B"]);
    town.wait_ms(30_000);
    town.sees("A1", &["onNoResp C", "onCallEnd"]);
    town.sees("B1", &["onInvited A [C,D] true 1"]);
    town.sees("C1", &["onInvited A [B,D] true 1", "onCallingTimeOut"]);
    town.sees("D1", &["onNoResp E", "onCallEnd"]);
    town.sees("E1", &["onCallingTimeOut"]);
}
