//! Row 16: rejecting, busy, or not answering.

use crate::town::Town;

#[test]
fn a_third_who_does_not_come_leaves_the_call_going_on() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    town.sees("C1", &["onInvited A [] true 1"]);
    town.reject("C1", call);
    town.sees("A1", &["onReject C"]);
    town.call("C1", "D", 1);
    town.sees("D1", &["onInvited C [] false 1"]);
    town.call("A1", "C", 1);
    town.sees("A1", &["onLineBusy C"]);
    town.wait_ms(30_000);
    town.sees("C1", &["onNoResp D", "onCallEnd"]);
    town.sees("D1", &["onCallingTimeOut"]);
    town.call("A1", "C", 1);
    town.wait_ms(30_000);
    town.sees("C1", &["onInvited A [] true 1", "onCallingTimeOut"]);
    town.sees("A1", &["onNoResp C"]);
    town.sees("B1", &[]);
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0", "onCallEnd"]);
}
