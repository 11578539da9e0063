use crate::stage::Stage;

#[test]
fn a_refused_sign_in_ends_the_phone_with_its_code() {
    let stage = Stage::open();
    let mut alice = stage.phone_with("alice", &["--no-media", "--sig", "no-ticket"]);
    assert_eq!(alice.answer("login"), 70003);
    let (status, _) = alice.ends();
    assert_eq!(status.code(), Some(3));
}
