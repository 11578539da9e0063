//! RTP Bleed, RTP Inject (CVE-2025-53399, CVE-2017-14099): nothing is learned from a packet that is not authentic.

use crate::town::{Town, leg};
use std::time::Duration;
use tsuwa_sfu::Happening;

#[test]
fn sound_from_elsewhere_is_not_heard_and_moves_no_address() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let (stranger, bob) = ("192.0.2.66:4000".parse().unwrap(), town.clients[1].addr);
    let before = town.rooms.counters();
    for number in 0..50_u8 {
        let rtp = [&[0x80, 111, 0, number, 0, 0, 0, number, 0, 0, 0, 9][..], &[7; 60][..]].concat();
        town.inject(stranger, rtp.clone());
        town.inject(bob, rtp);
        town.inject(bob, [&[0x80, 200, 0, 6, 0, 0, 0, 9][..], &[7; 60][..]].concat());
        town.run(Duration::from_millis(20));
    }
    let after = town.rooms.counters();
    assert!(after.unknown_source >= before.unknown_source + 49);
    assert!(after.unauthenticated >= before.unauthenticated + 98);
    assert!(town.heard("alice", "bob").iter().all(|packet| packet.payload[..] != [7; 60]));
    assert!(town.heard("alice", "bob").len() > 45 && town.heard("bob", "alice").len() > 45, "the call goes on");
}

#[test]
fn a_replayed_packet_is_heard_once() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let (bob, server) = (town.clients[1].addr, town.server);
    let recorded = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let tape = recorded.clone();
    town.loses = Box::new(move |mail| {
        if mail.from == bob && mail.to == server && mail.bytes[0] >= 128 {
            tape.borrow_mut().push(mail.bytes.clone());
        }
        false
    });
    town.run(Duration::from_millis(500));
    for bytes in recorded.borrow().clone() {
        town.inject(bob, bytes);
    }
    town.run(Duration::from_millis(500));
    let mut seqs: Vec<u64> = town.heard("alice", "bob").iter().map(|packet| *packet.seq_no).collect();
    let all = seqs.len();
    seqs.dedup();
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), all, "nothing twice");
}

#[test]
fn a_check_with_a_wrong_password_binds_no_address() {
    let mut town = Town::with_call(&["alice", "bob"]);
    let server = town.server;
    let recorded = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let tape = recorded.clone();
    town.loses = Box::new(move |mail| {
        if mail.to == server && mail.bytes[0] < 2 {
            tape.borrow_mut().push(mail.bytes.clone());
        }
        false
    });
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let stranger = "192.0.2.66:4000".parse().unwrap();
    let before = town.rooms.counters().unauthenticated;
    let checks = recorded.borrow().clone();
    assert!(!checks.is_empty());
    for mut check in checks {
        // One bit of the transaction id: the name is right, the integrity is not.
        check[10] ^= 1;
        town.inject(stranger, check);
    }
    town.run(Duration::from_millis(100));
    assert!(town.rooms.counters().unauthenticated > before);
    assert!(!town.rooms.is_bound(tsuwa_sfu::Proto::Udp, stranger));
    town.run(Duration::from_secs(1));
    assert!(town.heard("alice", "bob").len() > 45);
}

#[test]
fn noise_of_all_kinds_leaves_the_call_alone() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let sources = [town.clients[0].addr, town.clients[1].addr, "192.0.2.66:4000".parse().unwrap()];
    for _ in 0..500 {
        for from in sources {
            let length = next() as usize % 300;
            let mut bytes: Vec<u8> = (0..length).map(|_| next() as u8).collect();
            if let Some(first) = bytes.first_mut() {
                *first = [0, 1, 20, 22, 128, 144, 191, 255][next() as usize % 8];
            }
            town.inject(from, bytes);
        }
        town.run(Duration::from_millis(2));
    }
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    town.run(Duration::from_secs(1));
    assert!(town.heard("alice", "bob").len() > 45 && town.heard("bob", "alice").len() > 45);
    for name in ["alice", "bob"] {
        assert!(!town.has_happened(&Happening::Lost(leg(name))) && !town.has_happened(&Happening::Failed(leg(name))));
    }
}
