use crate::line::{encoded, said};
use std::time::Instant;
use tsuwa_voice::{JitterBuffer, Packet};

/// A sender that is minutes ahead makes the listener keep two seconds and no more.
#[test]
fn a_flood_is_bounded() {
    let packet = encoded(&said(12, 0.02)).remove(0);
    let mut buffer = JitterBuffer::new();
    for n in 0..20_000u32 {
        buffer.push(Instant::now(), Packet { seq: n as u16, timestamp: n * 960, payload: &packet });
    }
    assert_eq!(buffer.len(), 100);
}
