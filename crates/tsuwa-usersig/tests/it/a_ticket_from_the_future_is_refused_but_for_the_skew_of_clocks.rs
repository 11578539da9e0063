use crate::support::*;
use tsuwa_usersig::{TOLERATED_SKEW_S, VerifyError, sign, verify};

#[test]
fn a_ticket_from_the_future_is_refused_but_for_the_skew_of_clocks() {
    let ticket = sign(&key(), &claims()).unwrap();
    let at = |now_s: u64| verify(&key(), APP, "alice", now_s, &ticket);
    assert!(at(ISSUED_AT_S - TOLERATED_SKEW_S).is_ok());
    let error = at(ISSUED_AT_S - TOLERATED_SKEW_S - 1).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::NotYet, 70001));
    assert_eq!(at(0), Err(VerifyError::NotYet));
}
