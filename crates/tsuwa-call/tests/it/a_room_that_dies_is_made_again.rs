//! The call goes on; media is offered anew, and admitted as before.

use crate::town::{Town, device};
use tsuwa_call::{Input, MediaCommand, MediaReport};
use tsuwa_proto::StreamKind;

#[test]
fn a_room_that_dies_is_made_again() {
    let (mut town, call) = Town::talking();
    town.mute("B1", call, true);
    town.sees("A1", &["audio B false"]);
    let before = town.media.len();
    town.feed(Input::Media(MediaReport::RoomLost { call }));
    let made: Vec<_> = town.media[before..].to_vec();
    assert!(matches!(made[0], MediaCommand::Open { .. }));
    assert_eq!(made.iter().filter(|m| matches!(m, MediaCommand::Leg { .. })).count(), 2);
    let shut = MediaCommand::Mute { call, at: device("B1"), kind: StreamKind::Audio, muted: true };
    assert!(made.contains(&shut));
    // Nothing is told: what was available is.
    town.sound("A1", call);
}
