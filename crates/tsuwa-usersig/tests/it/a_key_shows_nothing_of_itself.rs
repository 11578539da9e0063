use crate::support::*;
use tsuwa_usersig::{EmptyKey, Key};

#[test]
fn a_key_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", key()), "Key(…)");
    assert_eq!(format!("{:#?}", key()), "Key(…)");
}

#[test]
fn claims_do_not_show_the_whole_user() {
    assert!(!format!("{:?}", claims()).contains("alice"));
}

#[test]
fn an_empty_secret_is_no_key_and_a_short_one_says_so() {
    assert_eq!(Key::new("").unwrap_err(), EmptyKey);
    assert!(Key::new("hunter2").unwrap().is_short());
    assert!(!key().is_short());
}
