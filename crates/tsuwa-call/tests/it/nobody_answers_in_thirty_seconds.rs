//! Row 5.

use crate::town::Town;

#[test]
fn nobody_answers_in_thirty_seconds() {
    let mut town = Town::of(&["A1", "B1"]);
    town.call("A1", "B", 1);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.wait_ms(29_999);
    town.sees("A1", &[]);
    town.sees("B1", &[]);
    town.wait_ms(1);
    town.sees("A1", &["onNoResp B", "onCallEnd"]);
    town.sees("B1", &["onCallingTimeOut"]);
}
