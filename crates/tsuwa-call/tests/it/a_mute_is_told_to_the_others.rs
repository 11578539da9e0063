//! Row 27.

use crate::town::Town;

#[test]
fn a_mute_is_told_to_the_others() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    town.accept("C1", call);
    town.forget_what_was_seen();
    town.mute("A1", call, true);
    town.sees("B1", &["audio A false"]);
    town.sees("C1", &["audio A false"]);
    town.mute("A1", call, true);
    // A packet that was on its way when the mute came is not heard.
    town.sound("A1", call);
    town.mute("A1", call, false);
    town.sound("A1", call);
    town.sees("B1", &["audio A true"]);
    town.sees("C1", &["audio A true"]);
    town.sees("A1", &[]);
}
