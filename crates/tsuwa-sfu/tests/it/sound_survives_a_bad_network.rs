use crate::town::{Town, leg};
use netem::{GilbertElliot, NetemConfig, Probability, RandomLoss};
use std::time::Duration;
use tsuwa_sfu::Happening;

/// Sets a call up in the network, talks for ten seconds, and gives the share of packets that bob never heard.
fn missing(config: NetemConfig) -> f64 {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.network(config);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_secs(1));
    town.all_ask_for_what_they_miss();
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    let sent_before = town.rooms.counters();
    town.run(Duration::from_secs(10));
    for name in ["alice", "bob"] {
        assert!(!town.has_happened(&Happening::Lost(leg(name))), "loss of packets is no loss of the device");
    }
    let sent = town.rooms.counters().rtp_out - sent_before.rtp_out;
    assert!(sent > 850, "both speak: {sent}");
    let mut seqs: Vec<u64> = town.heard("bob", "alice").iter().map(|packet| *packet.seq_no).collect();
    seqs.sort_unstable();
    let all = seqs.len();
    seqs.dedup();
    assert_eq!(seqs.len(), all, "nothing twice");
    let span = (seqs[all - 1] - seqs[0] + 1) as f64;
    1.0 - all as f64 / span
}

#[test]
fn what_is_lost_on_the_way_down_is_mostly_repaired() {
    // 10 % each way. What is lost on the way up these clients don't send again, so about that much stays.
    let config =
        NetemConfig::new().latency(Duration::from_millis(20)).loss(RandomLoss::new(Probability::new(0.1))).seed(1);
    let missing = missing(config);
    assert!(missing < 0.16, "{missing:.3}: without repair it were 0.19");
}

#[test]
fn in_bursts_of_loss_with_jitter() {
    let config = NetemConfig::new()
        .latency(Duration::from_millis(30))
        .jitter(Duration::from_millis(15))
        .loss(GilbertElliot::wifi_lossy())
        .seed(2);
    let missing = missing(config);
    assert!(missing < 0.15, "{missing:.3}");
}

#[test]
fn in_a_network_that_doubles_and_reorders() {
    let config =
        NetemConfig::new().latency(Duration::from_millis(20)).duplicate(Probability::new(0.2)).reorder_gap(5).seed(3);
    let missing = missing(config);
    assert!(missing < 0.01, "{missing:.3}");
}
