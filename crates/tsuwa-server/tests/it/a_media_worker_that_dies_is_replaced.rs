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
