use crate::rfc5769::{PASSWORD, UFRAG, integrity, is_authentic, request};
use crate::town::{Town, call, leg};
use std::net::SocketAddr;
use std::time::Duration;
use str0m::ice::StunMessage;
use tsuwa_sfu::Proto;

/// Where the RFC has its client be seen.
fn client() -> SocketAddr {
    "192.0.2.1:32853".parse().unwrap()
}

/// A room with a leg for whom the request of the RFC is, if its password is this.
fn town(password: &str) -> Town {
    let mut town = Town::new();
    town.rooms.open(town.now, call(1));
    town.rooms.next_credentials(UFRAG, password);
    town.rooms.join(town.now, call(1), leg("alice"), false);
    town.run(Duration::from_millis(10));
    town
}

fn receive(town: &mut Town, datagram: &[u8]) {
    let server = town.server;
    town.rooms.receive(town.now, Proto::Udp, client(), server, datagram);
}

#[test]
fn since_it_has_the_transports_name_and_password() {
    let mut town = town(PASSWORD);
    let message = request();
    assert_eq!(StunMessage::parse(&message).unwrap().split_username(), Some((UFRAG, "h6vY")));
    assert!(is_authentic(&message, PASSWORD.as_bytes()));
    receive(&mut town, &message);
    let counters = town.rooms.counters();
    assert_eq!((counters.unknown_source, counters.unauthenticated), (0, 0));
    assert!(town.rooms.is_bound(Proto::Udp, client()));
}

#[test]
fn not_by_another_protocol() {
    let mut town = town(PASSWORD);
    receive(&mut town, &request());
    assert!(!town.rooms.is_bound(Proto::Tcp, client()));
}

#[test]
fn not_with_another_password() {
    let mut town = town("VOkJxbRl1RmTxUk/WvJxBu");
    receive(&mut town, &request());
    assert_eq!(town.rooms.counters().unauthenticated, 1);
    assert!(!town.rooms.is_bound(Proto::Udp, client()));
}

#[test]
fn not_with_a_byte_changed_wherever_it_is() {
    for at in 0..request().len() {
        let mut town = town(PASSWORD);
        let mut message = request();
        message[at] ^= 0x20;
        receive(&mut town, &message);
        // Behind the integrity is the fingerprint alone; it proves nothing, and need not be looked at.
        assert!(!town.rooms.is_bound(Proto::Udp, client()) || at >= 100, "byte {at}");
    }
}

#[test]
fn not_without_an_integrity() {
    let mut town = town(PASSWORD);
    let mut message = request();
    message.truncate(76);
    message[3] = 76 - 20;
    receive(&mut town, &message);
    assert!(!town.rooms.is_bound(Proto::Udp, client()));
}

#[test]
fn not_with_a_name_behind_the_integrity() {
    // Everything after it is not covered, and is to be ignored (RFC 8489, 14.5).
    let mut town = town(PASSWORD);
    let mut message = request()[..56].to_vec();
    message[3] = (56 + 24 + 16 - 20) as u8;
    let hmac = integrity(&message, 56, PASSWORD.as_bytes());
    message.extend([&[0, 8, 0, 20][..], &hmac, &request()[60..76]].concat());
    receive(&mut town, &message);
    assert!(!town.rooms.is_bound(Proto::Udp, client()));
}
