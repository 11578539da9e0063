use crate::support::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tsuwa_usersig::{Privileges, Room, UserBuf, VerifyError};

fn ticket(change: impl FnOnce(&mut UserBuf)) -> String {
    let mut inner = UserBuf {
        account: "alice".into(),
        app: APP,
        room: Room::Name("room-42".into()),
        expires_at_s: (ISSUED_AT_S + LIFETIME_S) as u32,
        privileges: Privileges::ALL,
    };
    change(&mut inner);
    with_userbuf(&STANDARD.encode(inner.encode().unwrap()))
}

#[test]
fn a_userbuf_that_contradicts_its_ticket_is_refused() {
    assert!(verify_alice(&ticket(|_| ())).is_ok());
    assert_eq!(verify_alice(&ticket(|inner| inner.account = "bob".into())), Err(VerifyError::UserBuf));
    assert_eq!(verify_alice(&ticket(|inner| inner.app += 1)), Err(VerifyError::UserBuf));
    assert_eq!(verify_alice(&ticket(|inner| inner.expires_at_s = NOW_S as u32)), Err(VerifyError::Expired));
}

#[test]
fn a_signed_userbuf_that_is_none_is_refused() {
    assert_eq!(verify_alice(&with_userbuf("AAAA")), Err(VerifyError::UserBuf));
    for text in ["", "AA", "AA=", "A", "AB==", "A A A A", "_-__"] {
        assert_eq!(verify_alice(&with_userbuf(text)), Err(VerifyError::Fields), "{text:?}");
    }
}
