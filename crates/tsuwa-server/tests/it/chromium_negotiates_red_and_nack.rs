//! The risk first: a browser's Opus is repaired by redundancy (RED) and by retransmission (NACK), and both must come
//! out of *our* offer. A browser's answer does not repeat `nack` for Opus, but it does as the offer asked.

use crate::chromium_desk::Desk;
use std::sync::atomic::Ordering;

const OPUS: u8 = 111;
const RED: u8 = 63;

#[tokio::test(flavor = "multi_thread")]
async fn sound_is_repaired_both_ways() {
    let mut desk = Desk::open(false).await;
    desk.join("alice");
    desk.join("bob");
    let repaired = desk
        .until(|desk| {
            let sound = desk.path.down.lock().unwrap().values().sum::<u64>();
            desk.path.loses.store(desk.up == 2 && sound > 100, Ordering::Relaxed);
            desk.path.lost.load(Ordering::Relaxed) > 20
                && desk.stats().resent > 5
                && desk.sum("", "outbound", "retransmittedPacketsSent") > 5
        })
        .await;
    let answers = desk.answers();
    assert!(answers.iter().all(|sdp| sdp.contains("a=rtpmap:63 red/48000/2")), "RED is in the answers: {answers:?}");
    let (sent, got) = (desk.path.up.lock().unwrap().clone(), desk.path.down.lock().unwrap().clone());
    assert!(sent.get(&RED) > sent.get(&OPUS), "the browser sends RED: {sent:?}");
    assert!(got.get(&RED) > got.get(&OPUS), "and gets it: {got:?}");
    assert!(repaired, "what either side missed came again: {:?} {:#}", desk.stats(), desk.report());
}
