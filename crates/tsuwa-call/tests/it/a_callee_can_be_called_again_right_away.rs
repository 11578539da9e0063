//! Nothing of an ended invitation lingers.

use crate::town::Town;

#[test]
fn a_callee_can_be_called_again_right_away() {
    let mut town = Town::of(&["A1", "B1"]);
    for _ in 0..3 {
        let call = town.call("A1", "B", 1);
        town.sees("B1", &["onInvited A [] false 1"]);
        town.hangup("A1", call);
        town.sees("B1", &["onCallingCancel"]);
    }
    let call = town.call("B1", "A", 1);
    town.sees("A1", &["onInvited B [] false 1"]);
    town.reject("A1", call);
    town.sees("B1", &["onReject A", "onCallEnd"]);
}
