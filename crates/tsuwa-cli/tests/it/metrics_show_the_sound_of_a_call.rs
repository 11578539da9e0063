use crate::stage::{DEADLINE, Stage, talk};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

/// The rows of `/metrics` that begin with a name, added up.
fn metric(stage: &Stage, name: &str) -> f64 {
    let mut socket = TcpStream::connect(stage.url.trim_start_matches("http://")).unwrap();
    write!(socket, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    socket.read_to_string(&mut page).unwrap();
    let rows = page.lines().filter(|line| line.split([' ', '{']).next() == Some(name));
    rows.filter_map(|row| row.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
}

fn until(stage: &Stage, name: &str, least: f64) {
    let by = Instant::now() + DEADLINE;
    while metric(stage, name) < least {
        assert!(Instant::now() < by, "{name} stays below {least}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn metrics_show_the_sound_of_a_call() {
    let stage = Stage::open();
    let mut alice = stage.phone_with("alice", &["--silent", "--tone"]);
    let mut bob = stage.phone_with("bob", &["--silent", "--tone"]);
    talk(&mut alice, &mut bob);
    assert_eq!(metric(&stage, "tsuwa_calls_live"), 1.0);
    assert_eq!(metric(&stage, "tsuwa_sessions"), 2.0);
    until(&stage, "tsuwa_media_packets_received_total", 50.0);
    until(&stage, "tsuwa_media_packets_sent_total", 50.0);
    until(&stage, "tsuwa_accept_to_media_seconds_count", 1.0);
    assert_eq!(metric(&stage, "tsuwa_media_rooms"), 1.0);
    assert_eq!(metric(&stage, "tsuwa_media_legs"), 2.0);
    alice.types("hangup");
    bob.event("onCallEnd");
    until(&stage, "tsuwa_calls_total", 1.0);
    assert_eq!(metric(&stage, "tsuwa_calls_live"), 0.0);
}
