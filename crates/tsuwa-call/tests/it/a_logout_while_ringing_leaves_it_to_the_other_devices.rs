//! Row 26.

use crate::town::Town;
use tsuwa_proto::Act;

#[test]
fn a_logout_while_ringing_leaves_it_to_the_other_devices() {
    let mut town = Town::of(&["A1", "B1", "B2"]);
    let call = town.call("A1", "B", 1);
    town.done("B1", Act::Logout);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.accept("B2", call);
    town.sees("B2", &["onInvited A [] false 1", "onUserEnter A"]);
    town.sees("A1", &["onUserEnter B"]);
    town.hangup("B2", call);
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
    town.call("A1", "B", 1);
    town.sees("B2", &["onInvited A [] false 1"]);
    town.done("B2", Act::Logout);
    town.wait_ms(30_000);
    town.sees("A1", &["onNoResp B", "onCallEnd"]);
}
