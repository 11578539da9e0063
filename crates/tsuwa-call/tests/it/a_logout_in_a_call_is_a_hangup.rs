//! Row 26a.

use crate::town::Town;
use tsuwa_proto::Act;

#[test]
fn a_logout_in_a_call_is_a_hangup() {
    let (mut town, _) = Town::talking();
    town.done("B1", Act::Logout);
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
    town.call("A1", "C", 1);
    town.sees("C1", &["onInvited A [] false 1"]);
    town.done("A1", Act::Logout);
    town.sees("C1", &["onCallingCancel"]);
}
