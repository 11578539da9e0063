use crate::support::*;
use tsuwa_usersig::VerifyError;

fn living_for(lifetime_s: u64) -> String {
    let sig =
        mac(&format!("TLS.identifier:alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:{lifetime_s}\n"));
    pack(&json().replace("604800", &lifetime_s.to_string()).replace(&good_sig(), &sig))
}

#[test]
fn an_end_that_overflows_is_refused() {
    for lifetime_s in [u64::MAX, u64::MAX - ISSUED_AT_S, u64::MAX - ISSUED_AT_S + 1, u64::MAX / 1000] {
        let error = verify_alice(&living_for(lifetime_s)).unwrap_err();
        assert_eq!((error, error.code()), (VerifyError::Overflow, 70003), "{lifetime_s}");
    }
}

#[test]
fn a_ticket_for_a_hundred_years_is_taken_and_its_end_can_be_counted_in_milliseconds() {
    let end_s = verify_alice(&living_for(100 * 365 * 86_400)).unwrap().expires_at_s;
    assert!(end_s.checked_mul(1000).is_some_and(|ms| ms < 1 << 53));
}
