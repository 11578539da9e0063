use crate::stage::Stage;

#[test]
fn a_refused_command_shows_in_the_exit_status() {
    let stage = Stage::open();
    let mut alice = stage.phone("alice");
    alice.types("accept");
    assert_eq!(alice.answer("accept"), -1203);
    alice.types("call not/an/id");
    assert_eq!(alice.answer("call"), 7003);
    let (status, _) = alice.ends();
    assert_eq!(status.code(), Some(4));
}
