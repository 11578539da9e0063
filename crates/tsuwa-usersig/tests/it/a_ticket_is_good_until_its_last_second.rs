use crate::support::*;
use tsuwa_usersig::{VerifyError, sign, verify};

#[test]
fn a_ticket_is_good_until_its_last_second() {
    let ticket = sign(&key(), &claims()).unwrap();
    let at = |now_s: u64| verify(&key(), APP, "alice", now_s, &ticket);
    let end = ISSUED_AT_S + LIFETIME_S;
    assert_eq!(at(end - 1).unwrap().expires_at_s, end);
    let error = at(end).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::Expired, 70001));
    assert_eq!(at(u64::MAX), Err(VerifyError::Expired));
}

#[test]
fn an_expired_ticket_of_a_wrong_key_is_altered_not_expired() {
    let ticket = altered("604800", "604801");
    assert_eq!(verify(&key(), APP, "alice", u64::MAX, &ticket), Err(VerifyError::Altered));
}
