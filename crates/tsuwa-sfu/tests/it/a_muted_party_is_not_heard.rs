use crate::town::{Town, call, leg};
use std::time::Duration;
use tsuwa_sfu::{Happening, Track};

#[test]
fn from_the_mute_to_the_unmute_without_a_gap_in_the_numbering() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_secs(1));

    town.rooms.mute(town.now, call(1), &leg("alice"), Track::Audio, true);
    town.run(Duration::from_millis(20));
    let before = town.heard("bob", "alice").len();
    town.run(Duration::from_secs(2));
    assert_eq!(town.heard("bob", "alice").len(), before, "what the device goes on sending ends at the gate");
    assert!(town.heard("alice", "bob").len() > 100, "bob is heard all the time");

    town.news.clear();
    town.rooms.mute(town.now, call(1), &leg("alice"), Track::Audio, false);
    town.run(Duration::from_secs(1));
    let heard = town.heard("bob", "alice");
    assert!(heard.len() >= before + 48, "the first packet after the unmute is heard");
    assert!(heard.windows(2).all(|two| *two[1].seq_no == *two[0].seq_no + 1), "a mute does not look like loss");
    assert!(town.has_happened(&Happening::Flowing(leg("alice"), Track::Audio)), "and is told again");
}

#[test]
fn silence_and_mute_are_no_loss_of_the_device() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.clients[0].speaks = None;
    town.run(Duration::from_secs(20));
    assert!(!town.has_happened(&Happening::Lost(leg("alice"))), "its ICE checks go on");
}
