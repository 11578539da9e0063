use crate::stage::{Folder, Stage, talk};
use std::fs;

/// Row 25 of the scenarios, where the app's policy is one device a user.
#[test]
fn signing_in_elsewhere_puts_the_phone_that_is_talking_out_of_its_call() {
    let folder = Folder::new();
    let config = folder.join("tsuwa.toml");
    fs::write(&config, "[[apps]]\nid = 1400000001\n[apps.policy]\ndevices = \"one\"\n").unwrap();
    let stage = Stage::open_in(folder, &["--config", config.to_str().unwrap()]);
    let (mut alice, mut bob) = (stage.phone("alice"), stage.phone("bob"));
    talk(&mut alice, &mut bob);
    let mut elsewhere = stage.phone("alice");
    assert_eq!(elsewhere.answer("login"), 0);
    assert_eq!(alice.event("onCallEnd")["reason"], "signed_in_elsewhere");
    assert_eq!(alice.story(), ["onUserEnter", "onKickedOffline", "onCallEnd"]);
    alice.types("call bob");
    // It is told why where the request is made before the connection has ended.
    assert!([6014, 6208].contains(&alice.answer("call")), "it stays out");
    bob.event("onCallEnd");
    assert_eq!(bob.story(), ["onInvited", "onUserEnter", "onUserLeave", "onCallEnd"]);
    elsewhere.succeeds("call bob");
    bob.event("onInvited");
}
