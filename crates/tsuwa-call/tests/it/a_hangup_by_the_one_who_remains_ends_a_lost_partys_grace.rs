//! A call that ends while a party is lost leaves nothing behind: no timer, and the lost one learns of it when it is back,
//! be it after its session.

use crate::town::{Town, device};
use tsuwa_call::Input;

#[test]
fn a_hangup_by_the_one_who_remains_ends_a_lost_partys_grace() {
    let (mut town, call) = Town::talking();
    town.socket("A1", false);
    town.sees("B1", &["quality A 6"]);
    town.hangup("B1", call);
    town.sees("A1", &["onUserLeave B 0"]);
    // The town holds that no grace is left to run out.
    town.wait_ms(15_000);
    town.socket("A1", true);
    town.sees("A1", &["onCallEnd"]);
    let call = town.call("A1", "B", 1);
    town.accept("B1", call);
    town.forget_what_was_seen();
    town.socket("A1", false);
    town.hangup("B1", call);
    town.forget_what_was_seen();
    town.feed(Input::Gone { at: device("A1") });
    town.sign_in("A1");
    town.sees("A1", &["onCallEnd"]);
}
