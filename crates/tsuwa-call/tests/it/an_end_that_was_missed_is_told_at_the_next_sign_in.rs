//! Row 9a, when the session is gone meanwhile.

use crate::town::{Town, device};
use tsuwa_call::Input;

#[test]
fn an_end_that_was_missed_is_told_at_the_next_sign_in() {
    let (mut town, _) = Town::talking();
    town.socket("A1", false);
    town.wait_ms(15_000);
    town.sees("B1", &["quality A 6", "onUserLeave A 1", "onCallEnd"]);
    town.feed(Input::Gone { at: device("A1") });
    town.sign_in("A1");
    town.sees("A1", &["onCallEnd timed_out"]);
    town.sign_in("A1");
}
