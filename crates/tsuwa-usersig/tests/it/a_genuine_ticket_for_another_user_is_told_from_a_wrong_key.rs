use crate::support::*;
use tsuwa_usersig::{Key, VerifyError, sign, verify};

#[test]
fn a_genuine_ticket_for_another_user_is_told_from_a_wrong_key() {
    let ticket = sign(&key(), &claims()).unwrap();
    let as_bob = |key: &Key| verify(key, APP, "bob", NOW_S, &ticket).unwrap_err();
    assert_eq!(as_bob(&key()), VerifyError::OtherUser);
    assert_eq!(as_bob(&key()).code(), 70013);
    // One whose key is wrong is not believed in what it says of its user.
    assert_eq!(as_bob(&Key::new("another").unwrap()), VerifyError::Altered);
}

#[test]
fn a_user_whose_id_begins_alike_or_differs_in_case_is_another() {
    let ticket = sign(&key(), &claims()).unwrap();
    for user in ["alic", "alice1", "Alice", "alice\n", "", "alice\nTLS.sdkappid:1400000000"] {
        assert_eq!(verify(&key(), APP, user, NOW_S, &ticket), Err(VerifyError::OtherUser), "{user:?}");
    }
}
