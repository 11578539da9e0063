//! Row 27.

use crate::town::Town;

#[test]
fn a_party_muted_from_the_start_is_no_news_until_it_unmutes() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.accept("B1", call);
    town.forget_what_was_seen();
    town.mute("B1", call, true);
    town.mute("B1", call, false);
    town.sees("A1", &[]);
    town.sound("B1", call);
    town.sees("A1", &["audio B true"]);
    town.mute("B1", call, true);
    town.sees("A1", &["audio B false"]);
    town.hangup("B1", call);
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
    let call = town.call("A1", "B", 1);
    town.accept("B1", call);
    town.forget_what_was_seen();
    // The mute ended with the call.
    town.sound("B1", call);
    town.sees("A1", &["audio B true"]);
}
