use crate::an_invitation_that_began_and_ended_while_away_is_left_out::{cancelled, invited, missed, timed_out};

#[test]
fn an_invitation_that_was_seen_still_gets_its_end() {
    assert_eq!(missed(&[invited(7), timed_out(7)], 1), [timed_out(7)]);
    let again = [invited(7), cancelled(7), invited(7), cancelled(7)];
    assert_eq!(missed(&again, 1), [cancelled(7)], "and no more than that");
}
