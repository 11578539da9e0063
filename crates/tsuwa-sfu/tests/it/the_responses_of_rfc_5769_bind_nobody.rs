use crate::rfc5769::{PASSWORD, UFRAG, ipv4_response, ipv6_response, is_authentic};
use crate::town::{Town, call, leg};
use std::time::Duration;
use str0m::ice::StunMessage;
use tsuwa_sfu::Proto;

#[test]
fn though_they_are_read_and_authentic() {
    let said = ["192.0.2.1:32853", "[2001:db8:1234:5678:11:2233:4455:6677]:32853"];
    for (message, said) in [ipv4_response(), ipv6_response()].into_iter().zip(said) {
        assert!(is_authentic(&message, PASSWORD.as_bytes()) && !is_authentic(&message, b"another"));
        let read = StunMessage::parse(&message).unwrap();
        assert_eq!(read.mapped_address(), Some(said.parse().unwrap()));

        // We ask nobody, so nobody has anything to answer.
        let mut town = Town::new();
        town.rooms.open(town.now, call(1));
        town.rooms.next_credentials(UFRAG, PASSWORD);
        town.rooms.join(town.now, call(1), leg("alice"), false);
        town.run(Duration::from_millis(10));
        let (server, client) = (town.server, said.parse().unwrap());
        town.rooms.receive(town.now, Proto::Udp, client, server, &message);
        assert_eq!(town.rooms.counters().unknown_source, 1);
        assert!(!town.rooms.is_bound(Proto::Udp, client));
    }
}
