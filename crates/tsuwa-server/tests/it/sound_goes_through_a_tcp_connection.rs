use crate::webrtc::{By, Studio};
use std::sync::atomic::Ordering;
use tsuwa_proto::CallId;

#[test]
fn where_a_network_lets_no_udp_through() {
    let studio = Studio::open(1);
    let devices = studio.call(CallId(1), &[("alice", By::Tcp), ("bob", By::Udp), ("carol", By::Tcp)]);
    studio.until("everybody hears two others", || devices.iter().all(|its| its.heard.load(Ordering::Relaxed) > 100));
    assert_eq!(studio.pool.stats().unauthenticated, 0);
}
