use crate::stage::Stage;

#[test]
fn a_video_call_between_phones_without_cameras_rings_as_one_and_has_sound() {
    let stage = Stage::open();
    let flags = ["--silent", "--tone"];
    let (mut alice, mut bob) = (stage.phone_with("alice", &flags), stage.phone_with("bob", &flags));
    assert_eq!((alice.answer("login"), bob.answer("login")), (0, 0));
    alice.succeeds("call bob video");
    assert_eq!(bob.event("onInvited")["type"], 2);
    bob.succeeds("accept");
    for phone in [&mut alice, &mut bob] {
        phone.event("onUserAudioAvailable");
        phone.until("sound", |line| {
            line["event"] == "onUserVoiceVolume" && line["params"]["totalVolume"].as_u64().unwrap() > 0
        });
    }
    alice.types("hangup");
    bob.event("onCallEnd");
    assert_eq!(bob.story(), ["onInvited", "onUserEnter", "onUserAudioAvailable", "onUserLeave", "onCallEnd"]);
}
