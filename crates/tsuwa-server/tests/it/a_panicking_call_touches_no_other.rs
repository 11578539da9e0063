use crate::webrtc::{APP, By, Studio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tsuwa_call::MediaReport;
use tsuwa_proto::CallId;

#[test]
fn its_room_is_lost_and_made_anew_while_the_other_goes_on() {
    let studio = Studio::open(1);
    let (one, two) = (CallId(1), CallId(2));
    let first = studio.call(one, &[("alice", By::Udp), ("bob", By::Udp)]);
    let second = studio.call(two, &[("carol", By::Udp), ("dave", By::Udp)]);
    let all_heard = |than: u64| first.iter().chain(&second).all(|its| its.heard.load(Ordering::Relaxed) > than);
    studio.until("sound in both calls", || all_heard(25));

    studio.pool.break_room(APP, one);
    studio.until("the loss is reported", || studio.has(&MediaReport::RoomLost { call: one }));
    assert!(!studio.has(&MediaReport::RoomLost { call: two }));
    let (before, at) = (second[0].heard.load(Ordering::Relaxed), Instant::now());
    studio.until("the other call goes on", || second[0].heard.load(Ordering::Relaxed) > before + 25);
    assert!(at.elapsed() < Duration::from_secs(5), "at its own pace");

    studio.place(one);
    let before = first[0].heard.load(Ordering::Relaxed);
    studio.until("sound in the call that was placed anew", || first[0].heard.load(Ordering::Relaxed) > before + 25);
    assert_eq!(studio.pool.stats().rooms_lost, 1);
}
