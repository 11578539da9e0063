//! Row 11, and 11a: a device that comes later learns nothing.

use crate::town::Town;
use tsuwa_call::Note;

#[test]
fn a_callee_offline_throughout_does_not_respond() {
    let mut town = Town::of(&["A1"]);
    town.call("A1", "B", 1);
    // What wakes its phone: nothing rings anywhere.
    assert!(town.notes.iter().any(|note| matches!(note, Note::Invited { rings: false, .. })));
    town.wait_ms(30_000);
    town.sees("A1", &["onNoResp B", "onCallEnd"]);
    town.sign_in("B1");
    town.sees("B1", &[]);
}
