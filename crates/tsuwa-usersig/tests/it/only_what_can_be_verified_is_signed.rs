use crate::support::*;
use tsuwa_usersig::{Privileges, Room, SignError, sign, sign_room};

#[test]
fn only_what_can_be_verified_is_signed() {
    let mut claims = claims();
    claims.lifetime_s = u64::MAX;
    assert_eq!(sign(&key(), &claims), Err(SignError::Overflow));
    for user in ["", "a b", "alice\n", "123456789012345678901234567890123"] {
        claims.user = user.into();
        assert_eq!(sign(&key(), &claims), Err(SignError::Identifier), "{user:?}");
    }
}

#[test]
fn a_room_that_is_none_is_not_signed() {
    let mut claims = claims();
    for room in [Room::Number(0), Room::Name(String::new()), Room::Name("r".repeat(65))] {
        assert_eq!(sign_room(&key(), &claims, &room, Privileges::ALL), Err(SignError::Room));
    }
    // A userbuf counts its end in 32 bits.
    claims.lifetime_s = u64::from(u32::MAX);
    assert_eq!(sign_room(&key(), &claims, &Room::Number(1), Privileges::ALL), Err(SignError::Overflow));
}

#[test]
fn the_longest_ticket_that_can_be_signed_is_taken() {
    let mut claims = claims();
    claims.user = "alice678901234567890123456789012".into();
    let room = Room::Name("≤".repeat(21));
    let ticket = sign_room(&key(), &claims, &room, Privileges(u32::MAX)).unwrap();
    let verified = tsuwa_usersig::verify(&key(), APP, &claims.user, NOW_S, &ticket).unwrap();
    assert_eq!(verified.userbuf.unwrap().room, room);
}
