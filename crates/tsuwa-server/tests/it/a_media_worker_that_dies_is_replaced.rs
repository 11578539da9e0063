use crate::webrtc::{APP, By, Studio};
use std::sync::atomic::Ordering;
use tsuwa_call::MediaReport;
use tsuwa_proto::CallId;

#[test]
fn its_calls_are_reported_lost_and_can_be_placed_on_it_again() {
    let studio = Studio::open(1);
    let call = CallId(1);
    let devices = studio.call(call, &[("alice", By::Udp), ("bob", By::Tcp)]);
    let heard = || devices.iter().map(|its| its.heard.load(Ordering::Relaxed)).min().unwrap();
    studio.until("sound", || heard() > 25);
    studio.pool.kill_worker(APP, call);
    studio.until("the loss is reported", || studio.has(&MediaReport::RoomLost { call }));
    let before = heard();
    studio.place(call);
    studio.until("sound again", || heard() > before + 25);
    assert!(studio.pool.stats().rtp_in > before, "what was counted before is not forgotten");
}

#[test]
fn calls_are_spread_over_the_workers() {
    let studio = Studio::open(2);
    let first = studio.call(CallId(1), &[("alice", By::Udp), ("bob", By::Udp)]);
    let second = studio.call(CallId(2), &[("carol", By::Udp), ("dave", By::Udp)]);
    let all = || first.iter().chain(&second);
    studio.until("sound in both", || all().all(|its| its.heard.load(Ordering::Relaxed) > 10));
    let port = |at: &crate::webrtc::Device| at.worker.load(Ordering::Relaxed);
    assert_eq!(port(&first[0]), port(&first[1]), "one call, one worker");
    assert_ne!(port(&first[0]), port(&second[0]), "two calls, two workers");
}
