//! As row 27, of the picture; and opening it in an audio call offers pictures to all.

use crate::town::Town;
use tsuwa_call::MediaCommand;
use tsuwa_proto::{Act, StreamKind};

#[test]
fn a_camera_is_told_to_the_others() {
    let (mut town, call) = Town::talking();
    let video_legs =
        |town: &Town| town.media.iter().filter(|m| matches!(m, MediaCommand::Leg { video: true, .. })).count();
    assert_eq!(video_legs(&town), 0);
    // Nobody asked for its picture: a packet of it is not passed on.
    town.flows("A1", call, StreamKind::Video);
    town.done("A1", Act::SetCamera { call_id: call, is_open: true });
    assert_eq!(video_legs(&town), 2);
    town.flows("A1", call, StreamKind::Video);
    town.sees("B1", &["video A true"]);
    town.done("A1", Act::SetCamera { call_id: call, is_open: false });
    town.sees("B1", &["video A false"]);
}
