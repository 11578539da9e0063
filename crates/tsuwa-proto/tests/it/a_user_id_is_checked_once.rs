//! A user id has 1 to 32 of the characters a–z A–Z 0–9 - _, and nothing else becomes one.

use tsuwa_proto::{BadId, CallId, DeviceId, UserId};

#[test]
fn a_user_id_is_checked_once() {
    for good in ["a", "A-Z_09", &"x".repeat(32)] {
        assert_eq!(good.parse::<UserId>().map(String::from).as_deref(), Ok(good));
    }
    for (bad, why) in [
        ("", BadId::Empty),
        (&*"x".repeat(33), BadId::TooLong),
        ("a b", BadId::Character),
        ("a\n", BadId::Character),
        ("é", BadId::Character),
        ("a/b", BadId::Character),
        ("a\0", BadId::Character),
    ] {
        assert_eq!(bad.parse::<UserId>(), Err(why));
        assert!(serde_json::from_value::<UserId>(bad.into()).is_err());
    }
    assert!("d".repeat(64).parse::<DeviceId>().is_ok());
    assert_eq!("d".repeat(65).parse::<DeviceId>(), Err(BadId::TooLong));
    assert_eq!("18446744073709551615".parse(), Ok(CallId(u64::MAX)));
    for bad in ["18446744073709551616", "-1", "1a", "+1"] {
        assert!(bad.parse::<CallId>().is_err(), "{bad}");
    }
}
