use crate::stage::Stage;

#[test]
fn a_wait_that_runs_out_fails_the_script_and_says_what_it_waited_for() {
    let stage = Stage::open();
    let mut alice = stage.phone("alice");
    assert_eq!(alice.answer("login"), 0);
    alice.types("wait onUserEnter bob 0.2");
    let failure = alice.until("the failure", |line| line.get("failure").is_some());
    assert!(failure["failure"].as_str().unwrap().contains("onUserEnter bob"), "{failure}");
    let (status, _) = alice.ends();
    assert_eq!(status.code(), Some(1));
}
