use crate::support::*;
use tsuwa_usersig::{Key, VerifyError, sign, verify};

#[test]
fn a_ticket_for_another_app_is_told_from_a_wrong_key() {
    let others_key = Key::new("a secret of the other app").unwrap();
    for signer in [key(), others_key] {
        let mut claims = claims();
        claims.app += 1;
        let ticket = sign(&signer, &claims).unwrap();
        let error = verify_alice(&ticket).unwrap_err();
        assert_eq!((error, error.code()), (VerifyError::OtherApp, 70014));
    }
}

#[test]
fn one_that_only_pretends_to_be_for_this_app_is_altered() {
    let mut claims = claims();
    claims.app += 1;
    let json = unpack(&sign(&key(), &claims).unwrap()).to_string().replace("1400000001", "1400000000");
    assert_eq!(verify(&key(), APP, "alice", NOW_S, &pack(&json)), Err(VerifyError::Altered));
}
