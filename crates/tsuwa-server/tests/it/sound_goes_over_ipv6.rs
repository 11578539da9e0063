use crate::webrtc::{By, Studio};
use std::net::UdpSocket;
use std::sync::atomic::Ordering;
use tsuwa_proto::CallId;

#[test]
fn where_the_machine_has_it() {
    if UdpSocket::bind("[::1]:0").is_err() {
        eprintln!("no IPv6 on this machine: this test is not run");
        return;
    }
    let studio = Studio::open_at(1, &["::1", "127.0.0.1"]);
    let devices = studio.call(CallId(1), &[("alice", By::Udp), ("bob", By::Tcp)]);
    studio.until("both hear", || devices.iter().all(|its| its.heard.load(Ordering::Relaxed) > 25));
    let addresses = &studio.pool.addresses()[0];
    assert!(addresses[0].is_ipv6() && addresses[1].is_ipv4() && addresses[0].port() == addresses[1].port());
}
