//! Row 9e.

use crate::town::{Town, device};
use tsuwa_call::{Input, MediaReport};

#[test]
fn media_that_does_not_come_up_ends_the_callees_part() {
    let mut town = Town::of(&["A1", "B1"]);
    town.media_comes_up = false;
    let call = town.call("A1", "B", 1);
    town.feed(Input::Media(MediaReport::Up { call, at: device("A1") }));
    town.wait_ms(3_000);
    town.accept("B1", call);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onInvited A [] false 1", "onUserEnter A"]);
    town.wait_ms(14_999);
    town.sees("A1", &[]);
    town.wait_ms(1);
    town.sees("A1", &["onUserLeave B 1", "onCallEnd"]);
    town.sees("B1", &["onError -3301", "onCallEnd media_failed"]);
}
