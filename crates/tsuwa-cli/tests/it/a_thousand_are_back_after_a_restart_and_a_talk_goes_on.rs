use crate::stage::tsuwa;

/// Everybody comes back at once; two who were talking hear each other again, and nobody is told of anything.
#[test]
fn a_thousand_are_back_after_a_restart_and_a_talk_goes_on() {
    // Speed is another command's: how long it may take is the grace of a call.
    let crowd = ["-n", "1", "--crowd", "1000", "--down", "1000", "--limit", "15000"];
    let done = tsuwa().args(["bench", "restart"]).args(crowd).output().unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}\n{wrong}");
}
