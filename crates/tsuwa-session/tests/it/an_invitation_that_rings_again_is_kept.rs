use crate::an_invitation_that_began_and_ended_while_away_is_left_out::{cancelled, invited, missed};

#[test]
fn an_invitation_that_rings_again_is_kept() {
    assert_eq!(missed(&[invited(7), cancelled(7), invited(7)], 0), [invited(7)]);
}
