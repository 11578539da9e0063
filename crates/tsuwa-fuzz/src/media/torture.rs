//! Packets of a device that is signed in, bound and has its keys, and means no good: sealed as they should be, so that
//! nothing but what they hold speaks against them. Each with what it is, and whether the other device gets it.

use super::tap::Keys;
use super::town::{CALL, Town, leg};
use std::time::Duration;
use tsuwa_sfu::{Proto, Track};

/// Alice and Bob, who hear each other, and Alice's keys.
struct Talk {
    town: Town,
    keys: Keys,
    ssrc: [u8; 4],
    number: u16,
    index: u32,
}

impl Talk {
    fn begin() -> Self {
        let mut town = Town::new();
        Keys::forget();
        town.join("alice", false, true, true);
        town.join("bob", false, true, false);
        town.admit_all();
        assert!(town.connect(), "they connect");
        for _ in 0..50 {
            let now = town.now;
            town.clients[0].speak(now);
            town.turn(Duration::from_millis(10));
            if Keys::seen().is_whole() && town.clients[1].heard > 0 {
                break;
            }
        }
        let keys = Keys::seen();
        assert!(keys.is_whole(), "both keys were seen");
        let ssrc = town.clients[0].ssrc().expect("she speaks").to_be_bytes();
        Self { town, keys, ssrc, number: 1_000, index: 10_000 }
    }

    /// RTP with these first two bytes, and this behind the SSRC. Whether Bob gets it.
    fn rtp(&mut self, first: u8, second: u8, rest: &[u8]) -> bool {
        self.number += 1;
        let head = [&[first, second][..], &self.number.to_be_bytes(), &[0, 9, 0, 0], &self.ssrc].concat();
        let before = self.town.clients[1].heard;
        if let Some(sealed) = self.keys.rtp(&[&head, rest].concat(), 0) {
            self.give(&sealed);
        } else {
            // A header that ends behind the packet: there is nothing to seal.
            self.give(&[&head, rest].concat());
        }
        self.town.clients[1].heard > before
    }

    /// RTCP behind a report of hers, which makes it a compound packet.
    fn rtcp(&mut self, rest: &[u8]) {
        let report = [&[0x80, 200, 0, 6][..], &self.ssrc, &[0; 20]].concat();
        self.rtcp_alone(&[&report, rest].concat());
    }

    fn rtcp_alone(&mut self, plain: &[u8]) {
        self.index += 1;
        let sealed = self.keys.rtcp(plain, self.index).expect("it has a header");
        self.give(&sealed);
    }

    fn give(&mut self, bytes: &[u8]) {
        let (now, from) = (self.town.now, self.town.clients[0].addr);
        self.town.rooms.receive(now, Proto::Udp, from, super::town::server(), bytes);
        self.town.turn(Duration::from_millis(20));
    }

    /// Bob still hears Alice.
    fn goes_on(&mut self) {
        let before = self.town.clients[1].heard;
        for _ in 0..5 {
            assert!(self.rtp(0x80, 111, &[7; 60]), "the call has ended");
        }
        assert_eq!(self.town.clients[1].heard, before + 5);
        assert_eq!(self.town.rooms.counters().rooms_lost, 0);
    }
}

#[test]
fn odd_sound_is_forwarded_or_dropped_and_ends_nothing() {
    let extension: &[u8] = &[0xbe, 0xde, 0, 1, 0x10, 0x55, 0, 0];
    // What it is; its first two bytes, the rest; whether Bob gets it: what is odd and not wrong is his to judge.
    let all: &[(&str, u8, u8, &[u8], bool)] = &[
        ("ordinary", 0x80, 111, &[7; 60], true),
        ("of no bytes", 0x80, 111, &[], true),
        ("of one byte", 0x80, 111, &[7], true),
        ("with padding longer than it (CVE-2025-49140)", 0xa0, 111, &[1, 2, 3, 255], false),
        ("with padding of no bytes", 0xa0, 111, &[1, 2, 3, 0], true),
        ("with nothing but padding", 0xa0, 111, &[0, 0, 0, 4], true),
        ("with padding", 0xa0, 111, &[1, 2, 3, 4, 0, 0, 0, 4], true),
        ("with more sources than bytes", 0x8f, 111, &[], false),
        ("with fifteen sources", 0x8f, 111, &[9; 64], true),
        ("with an extension longer than it", 0x90, 111, &[0xbe, 0xde, 0xff, 0xff], false),
        ("with an extension", 0x90, 111, &[extension, &[7; 20]].concat(), true),
        ("with an element longer than the extension", 0x90, 111, &[0xbe, 0xde, 0, 1, 0x1f, 1, 2, 3, 7, 7], true),
        ("with elements of id 15", 0x90, 111, &[0xbe, 0xde, 0, 1, 0xf0, 0xff, 0xf0, 0xff, 7, 7], true),
        ("with an extension of another profile", 0x90, 111, &[0x12, 0x34, 0, 1, 1, 2, 3, 4, 7, 7], false),
        ("of a type that was not agreed on", 0x80, 35, &[7; 20], false),
        ("of redundancy without a primary block", 0x80, 63, &[0xff; 8], true),
        ("of redundancy with a block longer than it", 0x80, 63, &[0xef, 0, 3, 0xff, 111, 1], true),
    ];
    for (what, first, second, rest, comes) in all {
        let mut talk = Talk::begin();
        let got = talk.rtp(*first, *second, rest);
        assert_eq!(got, *comes, "{what}: whether it came through");
        talk.goes_on();
    }
}

#[test]
fn odd_reports_end_nothing() {
    let all: &[(&str, &[u8])] = &[
        ("ordinary", &[]),
        ("a report longer than its packet", &[0x80, 200, 0xff, 0xff, 0, 0, 0, 9]),
        ("a report with thirty-one blocks and none", &[0x9f, 201, 0, 1, 0, 0, 0, 9]),
        ("a description whose item is longer than it", &[0x81, 202, 0, 2, 0, 0, 0, 9, 1, 0xff, b'a', b'b']),
        ("a description without an end", &[0x9f, 202, 0, 1, 0, 0, 0, 9]),
        ("a goodbye of somebody else", &[0x81, 203, 0, 1, 1, 2, 3, 4]),
        ("a goodbye with a reason longer than it", &[0x81, 203, 0, 2, 1, 2, 3, 4, 0xff, b'x', 0, 0]),
        ("a word for an application", &[0x80, 204, 0, 2, 0, 0, 0, 9, b't', b'e', b's', b't']),
        ("a NACK of an unknown stream", &[0x81, 205, 0, 3, 0, 0, 0, 9, 1, 2, 3, 4, 0, 1, 0xff, 0xff]),
        ("a NACK without an entry", &[0x81, 205, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4]),
        ("feedback of a kind that is not", &[0x9f, 205, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4]),
        (
            "congestion feedback with more packets than bytes",
            &[0x8f, 205, 0, 4, 0, 0, 0, 9, 1, 2, 3, 4, 0, 1, 0xff, 0xff, 0, 0, 0, 1],
        ),
        ("a request for pictures where there are none", &[0x81, 206, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4]),
        (
            "an estimate of more streams than bytes",
            &[0x8f, 206, 0, 4, 0, 0, 0, 9, 0, 0, 0, 0, b'R', b'E', b'M', b'B', 0xff, 0xff, 0xff, 0xff],
        ),
        ("an extended report of no length", &[0x80, 207, 0, 2, 0, 0, 0, 9, 4, 0, 0, 0]),
        ("an extended report longer than it", &[0x80, 207, 0, 2, 0, 0, 0, 9, 4, 0, 0xff, 0xff]),
        ("padding longer than it", &[0xa0, 201, 0, 1, 0, 0, 0, 0xff]),
        ("another version", &[0x40, 201, 0, 1, 0, 0, 0, 9]),
    ];
    for (what, rest) in all {
        let mut talk = Talk::begin();
        talk.rtcp(rest);
        let alone: Vec<u8> = if rest.len() < 8 { vec![0x80, 201, 0, 1, 0, 0, 0, 9] } else { rest.to_vec() };
        talk.rtcp_alone(&alone);
        assert_eq!(talk.town.rooms.counters().rooms_lost, 0, "{what}");
        talk.goes_on();
    }
}

#[test]
fn sound_that_is_sealed_is_still_not_let_past_a_gate() {
    let mut talk = Talk::begin();
    let now = talk.town.now;
    talk.town.rooms.mute(now, CALL, &leg("alice"), Track::Audio, true);
    assert!(!talk.rtp(0x80, 111, &[7; 60]), "she is muted");
    talk.town.rooms.mute(now, CALL, &leg("alice"), Track::Audio, false);
    talk.goes_on();
}
