//! Row 22.

use crate::town::Town;

#[test]
fn the_other_device_stops_ringing_when_one_rejects() {
    let mut town = Town::of(&["A1", "B1", "B2"]);
    let call = town.call("A1", "B", 1);
    town.reject("B1", call);
    town.sees("A1", &["onReject B", "onCallEnd"]);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.sees("B2", &["onInvited A [] false 1", "onCallingCancel rejected_elsewhere"]);
}
