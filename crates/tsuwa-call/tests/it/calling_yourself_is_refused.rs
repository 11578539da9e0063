//! The refusals of `call` and `groupCall` for their parameters.

use crate::town::{Town, calls, group};
use tsuwa_proto::Code;

#[test]
fn calling_yourself_is_refused() {
    let mut town = Town::of(&["A1", "B1"]);
    town.refused("A1", calls("A", 1), Code::BadParameter);
    town.refused("A1", group(&["B", "A"], 1), Code::BadParameter);
    town.refused("A1", group(&[], 1), Code::BadParameter);
}
