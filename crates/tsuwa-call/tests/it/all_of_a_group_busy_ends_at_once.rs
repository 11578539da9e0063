//! Row 24: no room is opened for it.

use crate::town::Town;

#[test]
fn all_of_a_group_busy_ends_at_once() {
    let (mut town, _) = Town::talking();
    let rooms = town.media.len();
    town.group_call("C1", &["A", "B"], 1);
    town.sees("C1", &["onLineBusy A", "onLineBusy B", "onCallEnd"]);
    assert_eq!(town.media.len(), rooms);
}
