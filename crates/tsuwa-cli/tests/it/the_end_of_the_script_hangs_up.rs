use crate::stage::{Stage, talk};

#[test]
fn the_end_of_the_script_hangs_up_and_the_other_sees_it_at_once() {
    let stage = Stage::open();
    let (mut alice, mut bob) = (stage.phone("alice"), stage.phone("bob"));
    talk(&mut alice, &mut bob);
    let (status, _) = alice.ends();
    assert!(status.success());
    assert_eq!(bob.event("onUserLeave")["reason"], 0, "it left by its own act");
    bob.event("onCallEnd");
    assert_eq!(bob.story(), ["onInvited", "onUserEnter", "onUserLeave", "onCallEnd"]);
}
