//! 20007; and 101002 where the list is closed.

use crate::town::{Town, calls, user};
use tsuwa_call::{AdminAct, Policy};
use tsuwa_proto::Code;

#[test]
fn a_blocked_caller_is_refused() {
    let mut town = Town::of(&["A1", "B1"]);
    let block = AdminAct::Block { user: user("B"), blocked: user("A") };
    town.administer(block).expect("blocked");
    assert_eq!(town.switchboard.blocked_by(&user("B")), [user("A")]);
    town.refused("A1", calls("B", 1), Code::Blocked);
    let call = town.call("B1", "A", 1);
    town.sees("A1", &["onInvited B [] false 1"]);
    town.hangup("B1", call);
    town.sees("A1", &["onCallingCancel"]);
    town.administer(AdminAct::Unblock { user: user("B"), blocked: user("A") }).expect("unblocked");
    town.policy(Policy { closed_list: true, ..Policy::default() });
    town.refused("A1", calls("B", 1), Code::UserUnknown);
    town.administer(AdminAct::AddUsers(vec![user("B")])).expect("listed");
    town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
}
