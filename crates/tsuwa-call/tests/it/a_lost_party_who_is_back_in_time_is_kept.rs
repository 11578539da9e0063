//! Row 9: nothing but network quality.

use crate::town::Town;

#[test]
fn a_lost_party_who_is_back_in_time_is_kept() {
    let (mut town, call) = Town::talking();
    town.socket("A1", false);
    town.sees("B1", &["quality A 6"]);
    town.wait_ms(14_999);
    town.socket("A1", true);
    town.sees("B1", &["quality A 0"]);
    town.wait_ms(60_000);
    town.sees("A1", &[]);
    town.hangup("B1", call);
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
}
