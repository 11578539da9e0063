//! A handshake whose first flight raced ICE once cost another server a second in each call.

use crate::town::Town;
use std::time::Duration;

#[test]
fn in_a_handful_of_round_trips() {
    let mut town = Town::with_call(&["alice", "bob"]);
    let begun = town.now;
    town.run_until("all connected", |town| {
        town.clients.iter().all(|client| client.links.last().is_some_and(|link| link.connected))
    });
    // A round trip takes 10 ms here. ICE takes one to two of them, DTLS 1.2 with its cookie three.
    let took = town.now - begun;
    assert!(took <= Duration::from_millis(120), "{took:?}");
}
