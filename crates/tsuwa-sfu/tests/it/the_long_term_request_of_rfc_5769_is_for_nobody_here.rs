use crate::rfc5769::{LONG_TERM_KEY, PASSWORD, is_authentic, long_term_request};
use crate::town::{Town, call, leg};
use std::time::Duration;
use tsuwa_sfu::Proto;

#[test]
fn even_with_a_leg_of_that_name() {
    let message = long_term_request();
    // ICE's requests have a priority and two names with a colon between them; this has neither, and so is not even read.
    assert!(!is_authentic(&message, &LONG_TERM_KEY) && !is_authentic(&message, PASSWORD.as_bytes()));
    let mut town = Town::new();
    town.rooms.open(town.now, call(1));
    town.rooms.next_credentials("マトリックス", "TheMatrIX");
    town.rooms.join(town.now, call(1), leg("alice"), false);
    town.run(Duration::from_millis(10));
    let (server, client) = (town.server, "192.0.2.1:32853".parse().unwrap());
    town.rooms.receive(town.now, Proto::Udp, client, server, &message);
    assert_eq!(town.rooms.counters().unknown_source, 1);
    assert!(!town.rooms.is_bound(Proto::Udp, client));
}
