//! Busy is per user: others are refused with -1203.

use crate::town::{Town, calls, group, hangup};
use tsuwa_proto::{Act, Code};

#[test]
fn only_the_device_in_the_call_may_act_on_it() {
    let (mut town, call) = Town::talking_among(&["A1", "B1", "A2", "C1"]);
    town.refused("A2", calls("C", 1), Code::WrongState);
    town.refused("A2", hangup(call), Code::WrongState);
    town.refused("A2", Act::SetMicMute { call_id: call, is_mute: true }, Code::WrongState);
    town.refused("A2", group(&["C"], 1), Code::WrongState);
    // The other device may come and go.
    town.done("A2", Act::Logout);
}
