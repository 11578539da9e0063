use crate::town::Town;

#[test]
fn an_end_that_was_missed_is_told_before_the_next_ringing() {
    let (mut town, call) = Town::talking();
    town.socket("A1", false);
    town.hangup("B1", call);
    town.sees("B1", &["quality A 6"]);
    town.call("C1", "A", 1);
    town.sees("A1", &["onUserLeave B 0"]);
    town.socket("A1", true);
    town.sees("A1", &["onCallEnd", "onInvited C [] false 1"]);
}

#[test]
fn a_ringing_that_is_over_before_that_is_not_told() {
    let (mut town, call) = Town::talking();
    town.socket("A1", false);
    town.hangup("B1", call);
    town.sees("B1", &["quality A 6"]);
    let next = town.call("C1", "A", 1);
    town.hangup("C1", next);
    town.call("C1", "A", 1);
    town.wait_ms(30_000);
    town.sees("C1", &["onNoResp A", "onCallEnd"]);
    town.socket("A1", true);
    town.sees("A1", &["onUserLeave B 0", "onCallEnd"]);
}
