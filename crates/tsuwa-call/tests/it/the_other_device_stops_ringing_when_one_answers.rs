//! Rows 21 and 21a: the first in the log wins.

use crate::town::{Town, accept, reject};
use tsuwa_proto::Code;

#[test]
fn the_other_device_stops_ringing_when_one_answers() {
    let mut town = Town::of(&["A1", "B1", "B2"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.sees("B2", &["onInvited A [] false 1"]);
    town.accept("B2", call);
    town.sees("B1", &["onCallingCancel answered_elsewhere"]);
    town.refused("B1", accept(call), Code::InvitationOver);
    town.refused("B1", reject(call), Code::InvitationOver);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B2", &["onUserEnter A"]);
    assert!(town.admitted("B2", call) && !town.admitted("B1", call));
}
