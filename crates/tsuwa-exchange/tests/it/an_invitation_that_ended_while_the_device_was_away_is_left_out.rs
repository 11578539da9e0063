use crate::town::{Town, events};
use tsuwa_proto::Event;

#[test]
fn an_invitation_that_ended_while_the_device_was_away_is_left_out() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let bob = town.sign_in("bob", "phone");
    town.socket(bob, false);
    town.call(alice, "bob");
    town.pass(31_000);
    let standing = town.call(alice, "bob");
    let missed = events(&town.resume(bob, 0), bob);
    assert!(
        matches!(&missed[..], [(_, Event::OnInvited { call_id, .. })] if *call_id == standing),
        "only what still rings: {missed:?}"
    );
}
