//! Four at most while it rings; the one that accepts gets a leg in any case.

use crate::town::{Town, device, user};
use tsuwa_call::MediaCommand;

#[test]
fn media_is_made_ready_on_the_most_recent_devices() {
    let mut town = Town::of(&["A1", "B1", "B2", "B3", "B4", "B5"]);
    let call = town.call("A1", "B", 1);
    let legs: Vec<_> = town
        .media
        .iter()
        .filter_map(|m| match m {
            MediaCommand::Leg { at, .. } if at.user == user("B") => Some(at.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(legs, ["B5", "B4", "B3", "B2"].map(device));
    town.accept("B1", call);
    assert!(town.admitted("B1", call));
    for name in ["B2", "B3", "B4", "B5"] {
        assert!(town.media.contains(&MediaCommand::Drop { call, at: device(name) }));
    }
    town.forget_what_was_seen();
}
