use crate::torture::{name, set};
use crate::webrtc::{By, Studio};
use serde_json::Value;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tsuwa_proto::CallId;

/// A device that is about to connect: whoever knows its transport's names and password is it.
struct Offered {
    ufrag: String,
    theirs: String,
    password: String,
}

#[test]
fn each_is_judged_as_is_written_for_it() {
    let studio = Studio::open(1);
    let devices = studio.call(CallId(1), &[("alice", By::Udp), ("bob", By::Tcp)]);
    let heard = || devices.iter().map(|its| its.heard.load(Ordering::Relaxed)).min().unwrap();
    studio.until("sound", || heard() > 10);
    let (offer, answer) = studio.answered(CallId(2), "mallory");
    let value = |sdp: &str, name: &str| {
        sdp.lines().find_map(|line| line.strip_prefix(name)).expect("it says so").trim().to_owned()
    };
    let ufrag = value(&offer, "a=ice-ufrag:");
    let (theirs, password) = (value(&answer, "a=ice-ufrag:"), value(&offer, "a=ice-pwd:"));
    let offered = Offered { ufrag, theirs, password };
    let worker: SocketAddr = studio.pool.addresses()[0][0];

    let before = studio.pool.stats();
    let all = set("packets");
    let sent: Vec<(&Value, UdpSocket)> = all.iter().map(|message| (message, send(worker, message, &offered))).collect();
    let expected = |what: &str| all.iter().filter(|message| message["expects"] == what).count() as u64;
    let came = || {
        let now = studio.pool.stats();
        (now.unknown_source - before.unknown_source, now.unauthenticated - before.unauthenticated)
    };
    let wanted = (expected("unknown"), expected("unauthenticated"));
    studio.until("all of them judged", || came() >= wanted);
    for (message, socket) in &sent {
        if message["expects"] == "answered" {
            // Said again as a device does: the first may have come before the worker knew of the SDP answer.
            studio.until(name(message), || {
                socket.send_to(&bytes(message, &offered), worker).unwrap();
                is_answered(socket, Duration::from_millis(50))
            });
        } else {
            assert!(!is_answered(socket, Duration::from_millis(1)), "{} is answered", name(message));
        }
    }
    assert_eq!(came(), wanted, "unknown and unauthenticated ones");
    let so_far = heard();
    studio.until("the call goes on", || heard() > so_far + 20);
    assert_eq!(studio.pool.stats().rooms_lost, 0);
    let later = studio.call(CallId(3), &[("carol", By::Udp), ("dave", By::Udp)]);
    studio.until("another call", || later.iter().all(|its| its.heard.load(Ordering::Relaxed) > 10));
}

/// From a socket of its own, so that an answer is known to be to this one.
fn send(worker: SocketAddr, message: &Value, offered: &Offered) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(&bytes(message, offered), worker).unwrap();
    socket
}

/// Whether a binding success comes.
fn is_answered(socket: &UdpSocket, within: Duration) -> bool {
    let mut answer = [0; 2048];
    socket.set_read_timeout(Some(within)).unwrap();
    socket.recv(&mut answer).is_ok() && answer[..2] == [1, 1]
}

fn bytes(message: &Value, offered: &Offered) -> Vec<u8> {
    match message["bytes"].as_str() {
        Some(digits) => hex(digits),
        None => check(&message["check"], offered),
    }
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// An ICE check as is written.
fn check(how: &Value, offered: &Offered) -> Vec<u8> {
    let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    message.extend([7; 12]);
    let user = match how["name"].as_str() {
        Some("nobody") => "nobody:client".to_owned(),
        Some("first") => format!("{}:{}", &offered.ufrag[..1], offered.theirs),
        Some("half") => offered.ufrag.clone(),
        _ => format!("{}:{}", offered.ufrag, offered.theirs),
    };
    attribute(&mut message, 0x0006, user.as_bytes());
    attribute(&mut message, 0x0024, &[0x6e, 0, 1, 0xff]);
    attribute(&mut message, 0x802a, &[1; 8]);
    message.extend(hex(how["attributes"].as_str().unwrap_or_default()));
    if let Some(integrity) = how["integrity"].as_str() {
        // The length counts the integrity, and not what is behind it (RFC 8489, 14.5).
        set_length(&mut message, 24);
        let password = if integrity == "wrong" { "another password of it" } else { &offered.password };
        let sha1 = str0m::crypto::from_feature_flags().sha1_hmac_provider;
        let hmac = sha1.sha1_hmac(password.as_bytes(), &[&message]);
        attribute(&mut message, 0x0008, if integrity == "short" { &hmac[..10] } else { &hmac });
    }
    if let Some(fingerprint) = how["fingerprint"].as_str() {
        set_length(&mut message, 8);
        let crc = crc32(&message) ^ if fingerprint == "right" { 0x5354_554e } else { 0 };
        attribute(&mut message, 0x8028, &crc.to_be_bytes());
    }
    set_length(&mut message, 0);
    message
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

/// CRC-32 of ITU-T V.42.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
