//! Pictures of a browser: up in simulcast, down in one layer, repaired by RTX, paced by transport-wide feedback.

use crate::chromium_desk::{Desk, device};
use std::sync::atomic::Ordering;
use tsuwa_proto::StreamKind;

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_and_repaired() {
    let mut desk = Desk::open(true).await;
    desk.join("alice");
    desk.join("bob");
    let seen = desk
        .until(|desk| {
            desk.path.loses.store(desk.flowing.len() >= 4, Ordering::Relaxed);
            let decoded = |user: &str| desk.sum(user, "inbound-rtp video", "framesDecoded") > 60;
            decoded("alice")
                && decoded("bob")
                && desk.sum("", "outbound-rtp video", "retransmittedPacketsSent") > 0
                && desk.sum("", "inbound-rtp video", "retransmittedPacketsReceived") > 0
        })
        .await;
    assert!(seen, "both see pictures, and what was lost came again: {:#}", desk.report());
    for user in ["alice", "bob"] {
        for kind in [StreamKind::Audio, StreamKind::Video] {
            let told = desk.flowing.iter().filter(|its| **its == (device(user), kind)).count();
            assert_eq!(told, 1, "{user}'s {kind:?} is told once");
        }
        let layers = desk.figures(user, "outbound-rtp video", "packetsSent").into_iter().filter(|sent| *sent > 0);
        assert!(layers.count() >= 2, "{user} sends two layers at least: {:#}", desk.report());
    }
}
