//! 8012; a doubled press makes no second ringing.

use crate::town::{Town, calls};
use tsuwa_proto::Code;

#[test]
fn inviting_somebody_twice_is_refused() {
    let (mut town, call) = Town::talking();
    town.refused("A1", calls("B", 1), Code::AlreadyInvited);
    town.call("A1", "C", 1);
    town.sees("C1", &["onInvited A [] true 1"]);
    town.refused("B1", calls("C", 1), Code::AlreadyInvited);
    town.refused("A1", calls("C", 1), Code::AlreadyInvited);
    assert_eq!(town.group_call("A1", &["B", "C", "D", "D"], 1), call);
    town.sees("D1", &["onInvited A [] true 1"]);
}
