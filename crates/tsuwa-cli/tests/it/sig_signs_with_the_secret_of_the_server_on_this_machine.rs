use crate::stage::{Stage, tsuwa};

#[test]
fn sig_signs_with_the_secret_of_the_server_on_this_machine() {
    let stage = Stage::open();
    let data = stage.folder.join("data");
    let sig = |flags: &[&str]| {
        let made = tsuwa().arg("sig").args(flags).arg("--data").arg(&data).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    };
    for ticket in [sig(&["alice"]), sig(&["alice", "--expire", "60"]), sig(&["alice", "--room", "42"])] {
        let mut phone = stage.phone_with("alice", &["--no-media", "--sig", &ticket]);
        assert_eq!(phone.answer("login"), 0);
    }
}
