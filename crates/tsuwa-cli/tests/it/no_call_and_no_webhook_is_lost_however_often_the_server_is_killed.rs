use crate::stage::tsuwa;

/// The short form of what docs/reliability.md says of a hundred kills.
#[test]
fn no_call_and_no_webhook_is_lost_however_often_the_server_is_killed() {
    let done = tsuwa().args(["bench", "kills", "-n", "5", "--rate", "20", "--every", "1000"]).output().unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}\n{wrong}");
    assert!(said.contains("every call has its record"), "{said}");
}
