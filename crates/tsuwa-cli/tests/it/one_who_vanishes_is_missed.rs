use crate::stage::{Folder, Stage, talk};
use std::fs;

/// Row 9 of the scenarios: its process dies; the others are told at once that it is lost, and after the grace that it
/// has left.
#[test]
fn one_whose_process_dies_is_down_and_after_the_grace_has_left_for_time() {
    let folder = Folder::new();
    let config = folder.join("tsuwa.toml");
    fs::write(&config, "[[apps]]\nid = 1400000001\n[apps.policy]\ngrace_ms = 2000\n").unwrap();
    let stage = Stage::open_in(folder, &["--config", config.to_str().unwrap()]);
    let (mut alice, mut bob) = (stage.phone("alice"), stage.phone("bob"));
    talk(&mut alice, &mut bob);
    alice.dies();
    let quality = bob.event("onNetworkQuality");
    assert_eq!((&quality["userId"], &quality["quality"]), (&"alice".into(), &6.into()));
    assert_eq!(bob.event("onUserLeave")["reason"], 1, "timed out");
    bob.event("onCallEnd");
    assert_eq!(bob.story(), ["onInvited", "onUserEnter", "onUserLeave", "onCallEnd"]);
}
