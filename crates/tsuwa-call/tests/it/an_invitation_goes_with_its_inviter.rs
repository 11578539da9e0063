//! Row 31.

use crate::town::Town;

#[test]
fn an_invitation_goes_with_its_inviter() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    town.sees("C1", &["onInvited A [] true 1"]);
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0", "onCallEnd"]);
    town.sees("C1", &["onCallingCancel"]);
}
