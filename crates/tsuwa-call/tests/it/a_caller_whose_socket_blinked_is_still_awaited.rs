//! Row 9e for a caller that lost its socket for a moment while it rang: its media has 15 s from the answer on.

use crate::town::{Town, device};
use tsuwa_call::{Input, MediaReport};

#[test]
fn a_caller_whose_socket_blinked_is_still_awaited() {
    let mut town = Town::of(&["A1", "B1"]);
    town.media_comes_up = false;
    let call = town.call("A1", "B", 1);
    town.socket("A1", false);
    town.socket("A1", true);
    town.feed(Input::Media(MediaReport::Up { call, at: device("B1") }));
    town.accept("B1", call);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onInvited A [] false 1", "onUserEnter A"]);
    town.wait_ms(15_000);
    town.sees("A1", &["onError -3301", "onCallEnd media_failed"]);
    town.sees("B1", &["onUserLeave A 1", "onCallEnd"]);
}
