use crate::support::*;
use tsuwa_usersig::{BadUserBuf, UserBuf};

#[test]
fn the_bytes_of_a_userbuf_are_everybody_elses() {
    for ticket in vectors()["room_tickets"].as_array().unwrap() {
        let bytes = hex(ticket["userbuf_hex"].as_str().unwrap());
        assert_eq!(UserBuf::decode(&bytes).unwrap().encode().unwrap(), bytes);
    }
}

#[test]
fn cut_off_or_too_long_or_senseless_they_are_refused() {
    for ticket in vectors()["room_tickets"].as_array().unwrap() {
        let good = hex(ticket["userbuf_hex"].as_str().unwrap());
        for end in 0..good.len() {
            assert_eq!(UserBuf::decode(&good[..end]), Err(BadUserBuf), "{end}");
        }
        assert_eq!(UserBuf::decode(&[&good[..], &[0]].concat()), Err(BadUserBuf));
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            UserBuf::decode(&bytes)
        };
        assert_eq!(with(0, 2), Err(BadUserBuf), "a version that there isn't");
        assert_eq!(with(1, 0xff), Err(BadUserBuf), "an account longer than everything");
        assert_eq!(with(3, b'\n'), Err(BadUserBuf), "a line feed in the account");
        assert_eq!(with(3, 0xff), Err(BadUserBuf), "an account that is not UTF-8");
        assert_eq!(with(27, 1), Err(BadUserBuf), "an account type that there isn't");
    }
    let named = hex(vectors()["room_tickets"][1]["userbuf_hex"].as_str().unwrap());
    let mut both = named.clone();
    both[15] = 1;
    assert_eq!(UserBuf::decode(&both), Err(BadUserBuf), "a room by number and by name");
    let mut nowhere = hex(vectors()["room_tickets"][0]["userbuf_hex"].as_str().unwrap());
    nowhere[12..16].fill(0);
    assert_eq!(UserBuf::decode(&nowhere), Err(BadUserBuf), "room 0");
}
