//! Row 6, and 6a: the accept that comes after it is refused.

use crate::town::{Town, accept};
use tsuwa_proto::Code;

#[test]
fn a_caller_who_hangs_up_stops_the_ringing() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.hangup("A1", call);
    town.sees("B1", &["onCallingCancel"]);
    town.refused("B1", accept(call), Code::InvitationOver);
}
