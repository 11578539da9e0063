//! -1202, and nobody of the request is invited.

use crate::town::{Town, calls, group};
use tsuwa_proto::Code;

#[test]
fn at_most_nine_are_in_a_call_and_invited() {
    let mut town = Town::of(&["A1"]);
    town.group_call("A1", &["B", "C", "D", "E", "F", "G", "H"], 1);
    town.refused("A1", group(&["I", "J"], 1), Code::BadParameter);
    town.call("A1", "I", 1);
    town.refused("A1", calls("J", 1), Code::BadParameter);
    // Those who are invited already don't count twice.
    town.refused("A1", group(&["B", "C"], 1), Code::AlreadyInvited);
}
