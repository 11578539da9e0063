//! They are reported by `onReject` at once; if none is left, the request is refused.

use crate::town::{Town, group, user};
use tsuwa_call::AdminAct;
use tsuwa_proto::Code;

#[test]
fn a_group_goes_on_without_those_it_may_not_call() {
    let mut town = Town::of(&["A1", "B1", "C1"]);
    town.administer(AdminAct::Block { user: user("C"), blocked: user("A") }).expect("blocked");
    town.group_call("A1", &["B", "C", "B"], 1);
    town.sees("A1", &["onReject C"]);
    // Two, then: it is no group.
    town.sees("B1", &["onInvited A [] false 1"]);
    let mut town = Town::of(&["A1", "B1", "C1"]);
    town.administer(AdminAct::Block { user: user("C"), blocked: user("A") }).expect("blocked");
    town.refused("A1", group(&["C"], 1), Code::Blocked);
}
