//! Row 9, and 9a: it learns of the end once, when it is back.

use crate::town::Town;

#[test]
fn a_lost_party_who_stays_away_leaves() {
    let (mut town, _) = Town::talking();
    town.socket("A1", false);
    town.wait_ms(15_000);
    town.sees("B1", &["quality A 6", "onUserLeave A 1", "onCallEnd"]);
    town.sees("A1", &[]);
    town.socket("A1", true);
    town.sees("A1", &["onCallEnd timed_out"]);
    town.socket("A1", false);
    town.socket("A1", true);
    town.sign_in("A1");
}
