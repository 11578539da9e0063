//! Row 2.

use crate::town::Town;

#[test]
fn an_accepted_call_connects_both() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.accept("B1", call);
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onUserEnter A"]);
    town.sound("B1", call);
    town.sees("A1", &["audio B true"]);
    town.sound("A1", call);
    town.sees("B1", &["audio A true"]);
    // Later first packets (another source of the same user) are no news.
    town.sound("A1", call);
}
