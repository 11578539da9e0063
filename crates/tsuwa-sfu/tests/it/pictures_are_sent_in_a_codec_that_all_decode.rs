use crate::town::{Town, call, config};
use std::time::Duration;

#[test]
fn and_nobody_is_asked_again_where_all_decode_the_same() {
    let mut town = Town::new();
    town.rooms.open(town.now, call(1));
    for name in ["alice", "bob"] {
        town.join(name, config(true).enable_vp8(true).enable_vp9(true), true);
    }
    town.run_until_up();
    town.run(Duration::from_secs(2));
    assert_eq!(town.clients[0].offers.len(), 1);
}

#[test]
fn whoever_sends_another_is_offered_fewer() {
    let mut town = Town::new();
    town.rooms.open(town.now, call(1));
    town.join("alice", config(true).enable_vp8(true).enable_h264(true), true);
    town.join("bob", config(true).enable_h264(true), true);
    town.run_until_up();
    town.run(Duration::from_secs(1));
    let up = |offer: &str| -> String {
        let sections = offer.split("\r\nm=").filter(|section| section.starts_with("video"));
        sections.filter(|section| section.contains("a=recvonly")).map(str::to_owned).collect()
    };
    let offers = &town.clients[0].offers;
    assert!(up(&offers[0]).contains("VP8/90000"), "at first nobody knows");
    let last = up(offers.last().unwrap());
    assert!(last.contains("H264/90000") && !last.contains("VP8/90000"), "bob decodes no VP8: {last}");
    assert_eq!(offers.len(), 2, "and it stays at that");
    assert!(!up(town.clients[1].offers.last().unwrap()).is_empty());
}
