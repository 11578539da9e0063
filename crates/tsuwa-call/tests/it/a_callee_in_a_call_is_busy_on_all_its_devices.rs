//! Row 4: in a call, calling, or ringing.

use crate::town::Town;

#[test]
fn a_callee_in_a_call_is_busy_on_all_its_devices() {
    let (mut town, _) = Town::talking_among(&["A1", "B1", "B2", "C1", "D1"]);
    town.call("C1", "B", 1);
    town.sees("C1", &["onLineBusy B", "onCallEnd"]);
    town.call("C1", "A", 1);
    town.sees("C1", &["onLineBusy A", "onCallEnd"]);
    town.call("C1", "D", 1);
    town.sees("D1", &["onInvited C [] false 1"]);
    town.sign_in("E1");
    town.call("E1", "C", 1);
    town.sees("E1", &["onLineBusy C", "onCallEnd"]);
}
