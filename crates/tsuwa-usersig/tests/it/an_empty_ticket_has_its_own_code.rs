use crate::support::*;
use tsuwa_usersig::VerifyError;

#[test]
fn an_empty_ticket_has_its_own_code() {
    let error = verify_alice("").unwrap_err();
    assert_eq!((error, error.code()), (VerifyError::Empty, 70002));
}

#[test]
fn one_that_only_looks_empty_can_not_be_decoded() {
    for ticket in [" ", "\n", "\0", "____", "null", "{}"] {
        assert_eq!(verify_alice(ticket).unwrap_err().code(), 70003, "{ticket:?}");
    }
}
