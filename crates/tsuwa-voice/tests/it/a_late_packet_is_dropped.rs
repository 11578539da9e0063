use crate::line::{encoded, said};
use std::time::Instant;
use tsuwa_voice::{JitterBuffer, Packet, Pulled, Pushed};

#[test]
fn a_late_packet_is_dropped() {
    let packets = encoded(&said(8, 0.2));
    let now = Instant::now();
    let packet = |n: usize| Packet { seq: n as u16, timestamp: n as u32 * 960, payload: &packets[n] };
    let mut buffer = JitterBuffer::new();
    buffer.push(now, packet(0));
    buffer.push(now, packet(2));
    assert!(matches!(buffer.pull(), Pulled::Packet { .. }));
    assert!(matches!(buffer.pull(), Pulled::Lost { next: Some(_) }));
    assert_eq!(buffer.push(now, packet(1)), Pushed::Late);
    assert!(matches!(buffer.pull(), Pulled::Packet { payload, .. } if payload == packets[2]));
}
