use crate::support::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tsuwa_usersig::{Key, VerifyError, verify};

#[test]
fn an_altered_ticket_is_refused() {
    let error = verify(&key(), APP, "bob", NOW_S, &altered("alice", "bob")).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::Altered, 70009));
    for (from, to) in [("604800", "6048000"), ("1700000000", "1700000001"), ("604800", "0")] {
        assert_eq!(verify_alice(&altered(from, to)), Err(VerifyError::Altered), "{from} {to}");
    }
}

#[test]
fn a_wrong_key_is_refused() {
    let ticket = pack(&json());
    for secret in [&SECRET[..63], &SECRET.to_uppercase(), "x"] {
        let error = verify(&Key::new(secret).unwrap(), APP, "alice", NOW_S, &ticket).unwrap_err();
        assert_eq!((error, error.code()), (VerifyError::Altered, 70009));
    }
}

#[test]
fn a_part_of_the_signature_is_not_enough() {
    let whole = STANDARD.decode(good_sig()).unwrap();
    for length in 0..whole.len() {
        let ticket = altered(&good_sig(), &STANDARD.encode(&whole[..length]));
        assert_eq!(verify_alice(&ticket), Err(VerifyError::Altered), "{length} bytes");
    }
    let ticket = altered(&good_sig(), &STANDARD.encode([&whole[..], &[0]].concat()));
    assert_eq!(verify_alice(&ticket), Err(VerifyError::Altered));
}

#[test]
fn a_userbuf_that_was_not_signed_is_refused() {
    assert_eq!(verify_alice(&altered("{", r#"{"TLS.userbuf":"AAAA","#)), Err(VerifyError::Altered));
}
