use crate::town::{OPUS, RED, Town, config};
use std::time::Duration;
use str0m::rtp::{RedEncoder, RedundantBlock};

#[test]
fn and_one_with_red_gets_it_as_it_was_sent() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.join("carol", config(false), false);
    ["alice", "bob", "carol"].into_iter().for_each(|name| town.admit(name));
    town.run_until_up();
    let redundant = RedundantBlock { pt: OPUS, timestamp_offset: 960, payload: vec![1; 30] };
    let payload = RedEncoder::encode(OPUS, &[2; 40], &[redundant]);
    town.clients[0].speaks = Some((RED, payload.clone()));
    town.run(Duration::from_millis(100));
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    town.run(Duration::from_secs(1));

    let with = town.heard("bob", "alice");
    assert!(
        with.len() >= 49 && with.iter().all(|packet| *packet.header.payload_type == RED && *packet.payload == payload)
    );
    let without = town.heard("carol", "alice");
    assert!(
        without.len() >= 49
            && without.iter().all(|packet| *packet.header.payload_type == OPUS && *packet.payload == [2; 40])
    );
}

#[test]
fn a_malformed_redundant_packet_goes_nowhere() {
    let mut town = Town::with_call(&["alice"]);
    town.join("carol", config(false), false);
    town.admit("alice");
    town.admit("carol");
    town.run_until_up();
    town.clients[0].speaks = Some((RED, vec![0xff; 40]));
    town.run(Duration::from_millis(100));
    town.clients[1].heard.clear();
    town.run(Duration::from_secs(1));
    assert!(town.heard("carol", "alice").is_empty());
    assert!(town.heard("alice", "carol").len() > 40, "the call goes on");
}
