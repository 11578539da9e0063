use crate::stage::Stage;

/// Row 27 of the scenarios: a party muted at accept causes no event until it unmutes.
#[test]
fn one_who_accepts_muted_is_heard_only_after_unmuting() {
    let stage = Stage::open();
    let flags = ["--silent", "--tone"];
    let (mut alice, mut bob) = (stage.phone_with("alice", &flags), stage.phone_with("bob", &flags));
    assert_eq!((alice.answer("login"), bob.answer("login")), (0, 0));
    alice.succeeds("call bob");
    bob.event("onInvited");
    bob.types("mute on");
    bob.succeeds("accept");
    bob.event("onUserAudioAvailable");
    // Two seconds of volumes: bob's sound would have come by now.
    for _ in 0..4 {
        let volumes = alice.event("onUserVoiceVolume");
        assert_eq!(volumes["totalVolume"], 0, "{volumes}");
    }
    assert_eq!(alice.story(), ["onUserEnter"]);
    bob.types("mute off");
    assert_eq!(alice.event("onUserAudioAvailable")["available"], true);
    bob.types("mute on");
    assert_eq!(alice.event("onUserAudioAvailable")["available"], false);
}
