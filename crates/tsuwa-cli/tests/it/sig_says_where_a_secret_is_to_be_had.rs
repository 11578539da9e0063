use crate::stage::{Folder, tsuwa};

#[test]
fn sig_says_where_a_secret_is_to_be_had() {
    let folder = Folder::new();
    let refused = tsuwa().args(["sig", "alice", "--data"]).arg(folder.join("nothing")).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said.contains("tsuwa serve") && said.contains("--secret"), "{said}");
    assert!(!folder.join("nothing").exists(), "nothing is made by asking");

    let refused = tsuwa().args(["sig", "no spaces", "--secret", "whatever it is"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
}
