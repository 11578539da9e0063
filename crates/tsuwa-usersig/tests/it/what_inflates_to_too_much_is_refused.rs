use crate::support::*;
use tsuwa_usersig::VerifyError;

#[test]
fn what_inflates_to_too_much_is_refused() {
    // 2 MB of spaces in about 2 kB: a bomb that fits in a ticket.
    let bomb = to_base64(&deflate(" ".repeat(2_000_000).as_bytes(), 9));
    assert!(bomb.len() < 4096, "{}", bomb.len());
    let error = verify_alice(&bomb).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::InflatesTooFar, 70003));
}

#[test]
fn the_bound_is_exact() {
    let padded = |length: usize| pack(&format!("{}{}", json(), " ".repeat(length - json().len())));
    assert!(verify_alice(&padded(4096)).is_ok());
    assert_eq!(verify_alice(&padded(4097)), Err(VerifyError::InflatesTooFar));
}

#[test]
fn a_ticket_too_long_is_not_even_decoded() {
    let error = verify_alice(&"A".repeat(4097)).unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::TooLong, 70003));
}
