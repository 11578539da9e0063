use crate::town::{Town, call, leg};
use std::time::Duration;
use tsuwa_sfu::Happening;

#[test]
fn the_old_one_serves_until_the_new_one_is_up() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_secs(1));
    town.rooms.restart(town.now, call(1), &leg("bob"));
    town.run_until_up();
    town.run(Duration::from_secs(1));
    assert_eq!(town.clients[1].links.len(), 2, "an offer for a transport of its own");
    let heard = &town.clients[1].heard;
    let longest = heard.windows(2).map(|two| two[1].0 - two[0].0).max().unwrap();
    assert!(longest <= Duration::from_millis(45), "bob heard on: {longest:?}");
    let seqs: Vec<u64> = town.heard("alice", "bob").iter().map(|packet| *packet.seq_no).collect();
    assert!(seqs.windows(2).all(|two| two[1] == two[0] + 1), "and alice's stream of him goes on numbering");
    let ups = town.news.iter().filter(|(_, news)| *news == Happening::Up(leg("bob"))).count();
    assert_eq!(ups, 1, "up is told once");
}
