use crate::support::*;
use tsuwa_usersig::{VerifyError, verify};

/// Whoever can choose an id could otherwise have lines of their own signed, and read them back as other fields.
#[test]
fn a_line_feed_in_an_id_is_refused_before_the_signature_is_looked_at() {
    let user = "alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:604800\nTLS.userbuf:AA==";
    let sig = mac(&format!("TLS.identifier:{user}\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:604800\n"));
    let text = json().replace("alice", &user.replace('\n', "\\n")).replace(&good_sig(), &sig);
    let error = verify(&key(), APP, user, NOW_S, &pack(&text)).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::Identifier, 70003));
}

#[test]
fn so_is_one_in_a_userbuf() {
    // The same bytes under the HMAC, split elsewhere.
    let rest = "AA==\nTLS.sdkappid:1400000000";
    let error = verify_alice(&with_userbuf(rest)).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::Fields, 70003));
}

#[test]
fn an_id_that_is_none_is_refused() {
    for id in ["", "a b", "älice", "alice\\u0000", "123456789012345678901234567890123"] {
        assert_eq!(verify_alice(&altered("alice", id)), Err(VerifyError::Identifier), "{id:?}");
    }
}
