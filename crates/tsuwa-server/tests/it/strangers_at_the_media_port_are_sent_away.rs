use crate::harness::PATIENCE;
use crate::webrtc::{By, Studio};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::Ordering;
use tsuwa_proto::CallId;

#[test]
fn and_a_call_that_goes_on_is_not_disturbed() {
    let studio = Studio::open(1);
    let devices = studio.call(CallId(1), &[("alice", By::Udp), ("bob", By::Tcp)]);
    let heard = || devices.iter().map(|its| its.heard.load(Ordering::Relaxed)).min().unwrap();
    studio.until("sound", || heard() > 10);
    let worker: SocketAddr = studio.pool.addresses()[0][0];

    // Half-open ones, and some that send what is no frame.
    let mut silent: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(worker).unwrap()).collect();
    let mut noisy: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(worker).unwrap()).collect();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for round in 0..200_u8 {
        for first in [0, 20, 22, 128, 200, 255] {
            let _ = socket.send_to(&[&[first, 111, 0, round][..], &[round; 90][..]].concat(), worker);
        }
    }
    for stream in &mut noisy {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let _ = stream.write_all(&[0xff; 300]);
        assert!(is_closed(stream), "a frame of 65,535 bytes is none of ours");
    }
    let before = heard();
    for stream in &mut silent {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        assert!(is_closed(stream), "who says nothing is sent away in ten seconds");
    }
    assert!(heard() > before + 50, "the call went on meanwhile");
    assert!(studio.pool.stats().unknown_source >= 600, "{:?}", studio.pool.stats());
}

fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 16]) {
        Ok(length) => length == 0,
        Err(error) => matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
    }
}
