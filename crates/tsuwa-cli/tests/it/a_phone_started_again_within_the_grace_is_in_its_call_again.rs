use crate::stage::{Stage, talk};

#[test]
fn a_phone_that_is_started_again_with_its_device_id_within_the_grace_is_in_its_call_again() {
    let stage = Stage::open();
    let device = stage.folder.join("device");
    let flags = ["--silent", "--tone", "--device", device.to_str().unwrap()];
    let (mut alice, mut bob) = (stage.phone_with("alice", &flags), stage.phone_with("bob", &["--silent", "--tone"]));
    talk(&mut alice, &mut bob);
    bob.event("onUserAudioAvailable");
    alice.dies();
    let mut alice = stage.phone_with("alice", &flags);
    assert_eq!(alice.answer("login"), 0);
    assert_eq!(alice.event("onUserEnter")["userId"], "bob");
    assert_eq!(alice.event("onUserAudioAvailable")["available"], true);
    for phone in [&mut alice, &mut bob] {
        // Volumes of before are still on their way to bob: the sound of half a second is gone with two of them.
        for _ in 0..3 {
            phone.until("sound", |line| {
                line["event"] == "onUserVoiceVolume" && line["params"]["totalVolume"].as_u64().unwrap() > 0
            });
        }
    }
    alice.types("hangup");
    bob.event("onCallEnd");
    assert_eq!(bob.story(), ["onInvited", "onUserEnter", "onUserAudioAvailable", "onUserLeave", "onCallEnd"]);
}
