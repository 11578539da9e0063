//! Rows 14 and 15.

use crate::town::Town;

#[test]
fn a_third_is_invited_and_accepts() {
    let (mut town, call) = Town::talking();
    assert_eq!(town.call("A1", "C", 1), call);
    town.sees("C1", &["onInvited A [] true 1"]);
    town.accept("C1", call);
    town.sees("A1", &["onUserEnter C"]);
    town.sees("B1", &["onUserEnter C"]);
    town.sees("C1", &["onUserEnter A", "onUserEnter B", "audio A true", "audio B true"]);
    town.sound("C1", call);
    town.sees("A1", &["audio C true"]);
    town.sees("B1", &["audio C true"]);
}
