use crate::town::Town;
use std::time::Duration;

/// Loses every tenth RTP packet of those that go from one kind of place to another.
fn lossy(town: &mut Town, down: bool) {
    let server = town.server;
    let mut count = 0;
    town.loses = Box::new(move |mail| {
        let is_rtp = mail.bytes[0] >= 128 && matches!(mail.bytes[1] & 0x7f, 63 | 111);
        if !is_rtp || (mail.from == server) != down {
            return false;
        }
        count += 1;
        count % 10 == 0
    });
}

#[test]
fn on_its_way_to_the_server() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    lossy(&mut town, false);
    town.run(Duration::from_secs(4));
    // str0m's clients don't send sound again; what is seen here is that the room asks for it.
    assert!(town.rooms.counters().rtp_lost > 20, "the loss is seen and counted");
}

#[test]
fn on_its_way_from_the_server() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_millis(500));
    town.all_ask_for_what_they_miss();
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    lossy(&mut town, true);
    town.run(Duration::from_secs(4));
    town.loses = Box::new(|_| false);
    town.run(Duration::from_millis(500));
    assert!(town.rooms.counters().resent > 10, "{:?}", town.rooms.counters());
    let mut seqs: Vec<u64> = town.heard("bob", "alice").iter().map(|packet| *packet.seq_no).collect();
    seqs.sort_unstable();
    let missing = seqs.windows(2).map(|two| two[1] - two[0] - 1).sum::<u64>();
    assert!(missing <= 4, "what was lost came again: {missing} missing of {}", seqs.len());
}
