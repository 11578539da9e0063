//! FreeSWITCH CVE-2023-51443, Asterisk CVE-2023-49786: a DTLS hello from anywhere ended calls.

use crate::town::{Town, leg};
use std::time::Duration;
use tsuwa_sfu::Happening;

#[test]
fn and_the_handshake_of_the_right_one_goes_through() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    // Hellos that a client of ours sent, from an address that never passed a check, all the time.
    let hello: Vec<u8> = [&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40][..], &[1; 40][..]].concat();
    for _ in 0..100 {
        town.inject("192.0.2.66:4000".parse().unwrap(), hello.clone());
        town.run(Duration::from_millis(10));
    }
    assert!(town.has_happened(&Happening::Up(leg("alice"))) && town.has_happened(&Happening::Up(leg("bob"))));
    assert!(town.rooms.counters().unknown_source >= 99);
    town.run(Duration::from_secs(1));
    assert!(town.heard("alice", "bob").len() > 45);
}

#[test]
fn even_from_the_right_address_a_false_alert_ends_nothing() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let bob = town.clients[1].addr;
    // A fatal alert and garbage, unencrypted, with bob's address as the sender's.
    town.inject(bob, vec![21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40]);
    town.inject(bob, vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 200, 1]);
    town.inject(bob, vec![22; 1200]);
    town.run(Duration::from_millis(100));
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    town.run(Duration::from_secs(1));
    assert!(town.heard("alice", "bob").len() > 45 && town.heard("bob", "alice").len() > 45);
}
