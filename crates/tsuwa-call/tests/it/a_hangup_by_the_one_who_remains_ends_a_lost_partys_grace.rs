//! A call that ends while a party is lost leaves nothing behind: no timer, and the lost one learns of it by its session.

use crate::town::Town;

#[test]
fn a_hangup_by_the_one_who_remains_ends_a_lost_partys_grace() {
    let (mut town, call) = Town::talking();
    town.socket("A1", false);
    town.sees("B1", &["quality A 6"]);
    town.hangup("B1", call);
    // Kept for it until it is back; the town holds that no grace is left to run out.
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
    town.wait_ms(15_000);
    town.socket("A1", true);
}
