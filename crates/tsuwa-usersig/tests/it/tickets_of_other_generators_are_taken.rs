use crate::support::*;
use tsuwa_usersig::verify;

#[test]
fn tickets_of_other_generators_are_taken() {
    let vectors = vectors();
    let tickets = vectors["tickets"].as_array().unwrap();
    assert!(tickets.len() >= 2);
    for ticket in tickets {
        let (user, text) = (vectors["identifier"].as_str().unwrap(), ticket["usersig"].as_str().unwrap());
        let verified = verify(&key(), APP, user, NOW_S, text).unwrap();
        assert_eq!(verified.expires_at_s, ISSUED_AT_S + LIFETIME_S, "{}", ticket["generator"]);
        assert_eq!(verified.userbuf, None);
    }
}

#[test]
fn our_own_signature_is_theirs() {
    let ticket = tsuwa_usersig::sign(&key(), &claims()).unwrap();
    let theirs = &vectors()["tickets"][0];
    assert_eq!(unpack(&ticket), unpack(theirs["usersig"].as_str().unwrap()));
    assert_eq!(unpack(&ticket)["TLS.sig"], theirs["sig"]);
    assert!(verify_alice(&ticket).is_ok());
}
