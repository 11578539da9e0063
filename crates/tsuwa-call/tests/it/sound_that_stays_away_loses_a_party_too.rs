//! Row 9: media is lost while the socket stands; both must be back.

use crate::town::{Town, device};
use tsuwa_call::{Input, MediaReport};

#[test]
fn sound_that_stays_away_loses_a_party_too() {
    let (mut town, call) = Town::talking();
    let at = device("A1");
    town.feed(Input::Media(MediaReport::Lost { call, at: at.clone() }));
    town.sees("B1", &["quality A 6"]);
    town.wait_ms(5_000);
    town.socket("A1", false);
    town.feed(Input::Media(MediaReport::Back { call, at: at.clone() }));
    town.sees("B1", &[]);
    // The grace counts from the first loss.
    town.wait_ms(9_999);
    town.sees("B1", &[]);
    town.socket("A1", true);
    town.sees("B1", &["quality A 0"]);
    town.feed(Input::Media(MediaReport::Lost { call, at }));
    town.wait_ms(15_000);
    town.sees("B1", &["quality A 6", "onUserLeave A 1", "onCallEnd"]);
    // Its socket stands, so it is told at once.
    town.sees("A1", &["onCallEnd timed_out"]);
}
