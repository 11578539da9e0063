use crate::stage::{Folder, Stage, talk};
use std::fs;

#[test]
fn a_phone_that_trusts_the_servers_certificate_calls_over_tls_and_another_does_not_connect() {
    let folder = Folder::new();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let stage = Stage::open_in(folder, &["--tls-certificate", certificate, "--tls-key", key]);
    assert!(stage.url.starts_with("https://"));

    let mut stranger = stage.phone("carol");
    let trusts = ["--no-media", "--trust", certificate];
    let (mut alice, mut bob) = (stage.phone_with("alice", &trusts), stage.phone_with("bob", &trusts));
    talk(&mut alice, &mut bob);
    alice.types("hangup");
    bob.event("onCallEnd");
    assert_eq!(stranger.answer("login"), 9508);
}
