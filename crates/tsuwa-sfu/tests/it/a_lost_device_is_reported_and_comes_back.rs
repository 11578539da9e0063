use crate::town::{Town, leg};
use std::time::Duration;
use tsuwa_proto::Quality;
use tsuwa_sfu::Happening;

#[test]
fn after_five_seconds_of_nothing_authenticated() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_secs(1));
    let bob = town.clients[1].addr;
    town.loses = Box::new(move |mail| mail.from == bob);
    town.run(Duration::from_millis(4_800));
    assert!(!town.has_happened(&Happening::Lost(leg("bob"))), "not before");
    town.run(Duration::from_secs(1));
    assert!(town.has_happened(&Happening::Lost(leg("bob"))));
    assert!(!town.has_happened(&Happening::Lost(leg("alice"))));

    town.loses = Box::new(|_| false);
    town.run(Duration::from_secs(1));
    assert!(town.has_happened(&Happening::Back(leg("bob"))));
}

#[test]
fn a_device_that_was_never_up_is_not_lost() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.clients[1].answers = false;
    town.run(Duration::from_secs(12));
    assert!(!town.has_happened(&Happening::Lost(leg("bob"))));
}

#[test]
fn everybody_is_told_how_the_networks_are() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_secs(9));
    let told = town.news.iter().rev().find_map(|(_, news)| match news {
        Happening::Quality { to, of } => Some((to.clone(), of.clone())),
        _ => None,
    });
    let (to, of) = told.unwrap();
    assert_eq!(to.len(), 2);
    assert!(of.iter().all(|(_, quality)| *quality == Quality::Excellent), "10 ms and no loss: {of:?}");
}
