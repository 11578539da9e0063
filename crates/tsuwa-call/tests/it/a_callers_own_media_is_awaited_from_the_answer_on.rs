//! Row 9e, the other way round: nothing is counted while it rings.

use crate::town::{Town, device};
use tsuwa_call::{Input, MediaReport};

#[test]
fn a_callers_own_media_is_awaited_from_the_answer_on() {
    let mut town = Town::of(&["A1", "B1"]);
    town.media_comes_up = false;
    let call = town.call("A1", "B", 1);
    town.wait_ms(25_000);
    town.feed(Input::Media(MediaReport::Up { call, at: device("B1") }));
    town.accept("B1", call);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onInvited A [] false 1", "onUserEnter A"]);
    town.wait_ms(15_000);
    town.sees("A1", &["onError -3301", "onCallEnd media_failed"]);
    town.sees("B1", &["onUserLeave A 1", "onCallEnd"]);
}
