//! The lesson of FaceTime, Signal, JioChat, Mocha, Duo and Messenger: no packet goes to or from a party that has not
//! called or accepted, in whatever order the messages come.

use crate::town::{Town, leg};
use std::time::Duration;
use tsuwa_sfu::{Happening, Track};

#[test]
fn nothing_is_heard_until_both_are_admitted_and_then_at_once() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.run_until_up();
    town.run(Duration::from_secs(2));
    assert!(town.heard("alice", "bob").is_empty(), "bob rings: his microphone reaches nobody");
    assert!(town.heard("bob", "alice").is_empty(), "nor does anybody reach him");
    assert!(!town.news.iter().any(|(_, news)| matches!(news, Happening::Flowing(..))));
    assert_eq!(town.rooms.counters().rtp_out, 0);

    town.admit("bob");
    town.run(Duration::from_millis(40));
    assert!(!town.heard("alice", "bob").is_empty(), "the next packet is forwarded");
    assert!(!town.heard("bob", "alice").is_empty());
    assert!(town.has_happened(&Happening::Flowing(leg("alice"), Track::Audio)));
    assert!(town.has_happened(&Happening::Flowing(leg("bob"), Track::Audio)));
}

#[test]
fn every_packet_after_admission_is_heard_once_and_in_order() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.run_until_up();
    town.admit("bob");
    town.admit("alice");
    town.run(Duration::from_secs(4));
    let seqs: Vec<u64> = town.heard("bob", "alice").iter().map(|packet| *packet.seq_no).collect();
    assert!(seqs.len() >= 199, "50 packets a second: {}", seqs.len());
    assert!(seqs.windows(2).all(|two| two[1] == two[0] + 1), "no gap, nothing twice");
}

#[test]
fn flowing_is_told_once_and_only_with_somebody_to_hear() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.run_until_up();
    town.run(Duration::from_millis(500));
    assert!(!town.has_happened(&Happening::Flowing(leg("alice"), Track::Audio)), "nobody could hear it");
    town.admit("bob");
    town.run(Duration::from_secs(1));
    let flowing = |name: &str| {
        let told = Happening::Flowing(leg(name), Track::Audio);
        town.news.iter().filter(|(_, news)| *news == told).count()
    };
    assert_eq!((flowing("alice"), flowing("bob")), (1, 1));
}

#[test]
fn no_order_of_messages_opens_a_gate_by_itself() {
    // All orders of what may come of bob before he accepts.
    type Step = fn(&mut Town);
    let steps: [Step; 4] = [
        |town| town.rooms.mute(town.now, crate::town::call(1), &leg("bob"), Track::Audio, true),
        |town| town.rooms.mute(town.now, crate::town::call(1), &leg("bob"), Track::Audio, false),
        |town| town.rooms.restart(town.now, crate::town::call(1), &leg("bob")),
        |town| town.rooms.join(town.now, crate::town::call(1), leg("bob"), false),
    ];
    for order in permutations(steps.len()) {
        let mut town = Town::with_call(&["alice", "bob"]);
        town.admit("alice");
        for at in order {
            steps[at](&mut town);
            town.run(Duration::from_millis(200));
        }
        assert_eq!(town.rooms.counters().rtp_out, 0, "nothing was forwarded");
    }
}

#[test]
fn a_party_that_left_is_neither_heard_nor_hears() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_millis(500));
    town.rooms.leave(town.now, crate::town::call(1), &leg("bob"));
    town.run(Duration::from_millis(50));
    let before = town.rooms.counters().rtp_out;
    town.run(Duration::from_secs(1));
    assert_eq!(town.rooms.counters().rtp_out, before);
}

fn permutations(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(of - 1);
    shorter
        .into_iter()
        .flat_map(|order| {
            (0..of).map(move |at| {
                let mut order = order.clone();
                order.insert(at, of - 1);
                order
            })
        })
        .collect()
}
