//! Packets as a media worker gets them: of strangers, of a device that is bound, and sealed with its keys.

use super::tap::{self, Keys};
use super::town::{CALL, Town, leg, server};
use crate::bytes::Bytes;
use std::net::SocketAddr;
use std::time::Duration;
use tsuwa_sfu::{Proto, Track};

/// Packets of one input.
const MOST: usize = 64;
/// Far from what a client numbers by itself in so short a time.
const INDEX_FROM: u32 = 10_000;

/// Whatever is sent to a room, no room is lost; what is not authentic binds no address and ends nothing. The first byte
/// says how far a call is.
pub fn media_packets(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut story = Story::begin(&mut bytes);
    for _ in 0..MOST {
        if bytes.is_empty() {
            break;
        }
        story.step(&mut bytes);
        story.town.collect();
    }
    story.end();
}

struct Story {
    town: Town,
    keys: Keys,
    is_up: bool,
    index: u32,
    stranger: SocketAddr,
    /// Nothing was sent that alice herself had to agree to.
    all_forged: bool,
    stranger_checked: bool,
}

impl Story {
    fn begin(bytes: &mut Bytes<'_>) -> Self {
        let choice = bytes.byte();
        let mut town = Town::new();
        Keys::forget();
        town.join("alice", choice & 2 == 2, true, true);
        town.join("bob", choice & 2 == 2, choice & 4 == 4, false);
        if choice & 8 == 0 {
            town.admit_all();
        }
        let is_up = choice & 1 == 1 && town.connect();
        if is_up {
            // Until she has said something, and sent a report.
            for _ in 0..20 {
                let now = town.now;
                town.clients[0].speak(now);
                town.turn(Duration::from_millis(10));
                if Keys::seen().is_whole() {
                    break;
                }
            }
        } else {
            (0..5).for_each(|_| town.turn(Duration::from_millis(1)));
        }
        let stranger = SocketAddr::from(([192, 0, 2, 66], 4000));
        let keys = Keys::seen();
        Self { town, keys, is_up, index: INDEX_FROM, stranger, all_forged: true, stranger_checked: false }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        let now = self.town.now;
        match bytes.below(10) {
            0 => self.receive(Proto::Udp, self.stranger, bytes.piece()),
            1 => self.receive(Proto::Tcp, self.stranger, bytes.piece()),
            2 => self.receive(Proto::Udp, self.town.clients[0].addr, bytes.piece()),
            3 => {
                let packet = check(&self.town, bytes.byte(), bytes.piece());
                let (from, sealed) = (bytes.byte(), packet.1);
                let from = if from & 1 == 1 { self.stranger } else { self.town.clients[0].addr };
                self.all_forged &= !sealed;
                self.stranger_checked |= sealed && from == self.stranger;
                self.receive(Proto::Udp, from, &packet.0);
            }
            4 | 5 => self.sealed_rtp(bytes),
            6 | 7 => self.sealed_rtcp(bytes),
            8 => self.town.turn(Duration::from_millis(bytes.one(&[1, 20, 100, 500, 2_000]))),
            _ => {
                let (what, bob) = (bytes.below(6), leg("bob"));
                self.all_forged &= what == 5;
                match what {
                    0 => self.town.rooms.mute(now, CALL, &bob, Track::Audio, bytes.flag()),
                    1 => self.town.rooms.leave(now, CALL, &bob),
                    2 => self.town.rooms.join(now, CALL, bob, bytes.flag()),
                    3 => self.town.rooms.restart(now, CALL, &leg("alice")),
                    4 => self.town.rooms.admit(now, CALL, &bob),
                    _ => self.town.clients[0].speak(now),
                }
            }
        }
    }

    fn receive(&mut self, proto: Proto, from: SocketAddr, datagram: &[u8]) {
        // RFC 4571 has no empty frames; a datagram may be.
        self.town.rooms.receive(self.town.now, proto, from, server(), datagram);
    }

    /// A packet that is authentic, whatever is in it.
    fn sealed_rtp(&mut self, bytes: &mut Bytes<'_>) {
        let choice = bytes.byte();
        let mut packet = bytes.piece().to_vec();
        if packet.len() < 12 {
            return;
        }
        packet[0] = 0x80 | packet[0] & 0x3f;
        if choice & 1 == 0
            && let Some(ssrc) = self.town.clients[0].ssrc()
        {
            packet[8..12].copy_from_slice(&ssrc.to_be_bytes());
        }
        if choice & 2 == 0 {
            packet[1] = [111, 63, 96, 97, 98, 99, 108, 0xef][usize::from(choice >> 2) % 8];
        }
        if let Some(sealed) = self.keys.rtp(&packet, 0) {
            self.all_forged = false;
            self.receive(Proto::Udp, self.town.clients[0].addr, &sealed);
        }
    }

    fn sealed_rtcp(&mut self, bytes: &mut Bytes<'_>) {
        let choice = bytes.byte();
        let mut plain = bytes.piece().to_vec();
        if plain.len() < 8 {
            return;
        }
        plain[0] = 0x80 | plain[0] & 0x3f;
        if choice & 1 == 0 {
            plain[1] = 200 + (choice >> 1) % 8;
        }
        if choice & 0x10 == 0
            && let Some(ssrc) = self.town.clients[0].ssrc()
        {
            plain[4..8].copy_from_slice(&ssrc.to_be_bytes());
        }
        if choice & 0x20 == 0 {
            // As long as it says.
            let words = (plain.len() / 4).saturating_sub(1) as u16;
            plain[2..4].copy_from_slice(&words.to_be_bytes());
        }
        self.index += 1;
        if let Some(sealed) = self.keys.rtcp(&plain, self.index) {
            self.all_forged = false;
            self.receive(Proto::Udp, self.town.clients[0].addr, &sealed);
        }
    }

    fn end(mut self) {
        for proto in [Proto::Udp, Proto::Tcp] {
            let bound = self.town.rooms.is_bound(proto, self.stranger);
            assert!(!bound || self.stranger_checked, "a stranger's address was bound");
        }
        self.town.turn(Duration::from_millis(20));
        if self.is_up && self.all_forged {
            // She is heard if she is let through, or at least still there.
            let before = self.town.rooms.counters();
            for _ in 0..3 {
                let now = self.town.now;
                self.town.clients[0].speak(now);
                self.town.turn(Duration::from_millis(20));
            }
            let after = self.town.rooms.counters();
            assert!(after.rtp_in > before.rtp_in, "forged packets have ended a call");
        }
    }
}

/// An ICE check for alice, and whether it is a right one: with her transport's user name, these attributes, and as the
/// bits of `choice` say an integrity and a fingerprint.
fn check(town: &Town, choice: u8, attributes: &[u8]) -> (Vec<u8>, bool) {
    let offer = town.clients[0].offer.as_ref().map_or("", |(_, sdp, _)| sdp);
    let value = |name: &str| offer.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let (ufrag, password) = (value("a=ice-ufrag:"), value("a=ice-pwd:"));
    let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    message.extend([choice; 12]);
    if choice & 1 == 0 {
        attribute(&mut message, 0x0006, format!("{ufrag}:client").as_bytes());
    }
    if choice & 8 == 8 {
        attribute(&mut message, 0x0024, &[1, 2, 3, 4]);
        attribute(&mut message, 0x802a, &[1; 8]);
    }
    message.extend_from_slice(attributes);
    if choice & 2 == 2 {
        // The length counts the integrity, and not what is behind it (RFC 8489, 14.5).
        set_length(&mut message, 24);
        let hmac = tap::plain_provider().sha1_hmac_provider.sha1_hmac(password.as_bytes(), &[&message]);
        attribute(&mut message, 0x0008, &hmac);
    }
    if choice & 4 == 4 {
        set_length(&mut message, 8);
        let crc = crc32(&message) ^ 0x5354_554e;
        attribute(&mut message, 0x8028, &crc.to_be_bytes());
    }
    if choice & 0x10 == 0 {
        set_length(&mut message, 0);
    }
    (message, choice & 2 == 2)
}

fn attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    message.extend_from_slice(&kind.to_be_bytes());
    message.extend_from_slice(&(value.len() as u16).to_be_bytes());
    message.extend_from_slice(value);
    message.resize(message.len().next_multiple_of(4), 0);
}

fn set_length(message: &mut [u8], more: usize) {
    let length = (message.len() - 20 + more) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
}

/// CRC-32 of ITU-T V.42, as RFC 8489 wants it.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
