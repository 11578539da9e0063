//! Row 14a: the invitations are independent, the end comes once.

use crate::town::Town;

#[test]
fn a_second_callee_can_be_called_while_the_first_rings() {
    let mut town = Town::of(&["A1", "B1", "C1"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.wait_ms(10_000);
    assert_eq!(town.call("A1", "C", 1), call);
    town.sees("C1", &["onInvited A [] true 1"]);
    town.reject("C1", call);
    town.sees("A1", &["onReject C"]);
    town.call("A1", "C", 1);
    town.sees("C1", &["onInvited A [] true 1"]);
    town.wait_ms(20_000);
    town.sees("B1", &["onCallingTimeOut"]);
    town.sees("A1", &["onNoResp B"]);
    town.wait_ms(10_000);
    town.sees("C1", &["onCallingTimeOut"]);
    town.sees("A1", &["onNoResp C", "onCallEnd"]);
}
