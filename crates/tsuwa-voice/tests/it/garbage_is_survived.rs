use crate::line::{STEP, dice, encoded, said};
use std::time::Instant;
use tsuwa_voice::{Listener, Packet, Wav, parse_red};

/// Random bytes as packets, as RED and as files, and real packets with numbers from anywhere: refused or made something
/// of, never a panic; and who speaks properly afterwards is heard.
#[test]
fn garbage_is_survived() {
    let mut now = Instant::now();
    let mut listener = Listener::new().unwrap();
    let real = encoded(&said(21, 1.0));
    for n in 0..6000 {
        let bytes: Vec<u8> = (0..dice(n) as usize % 200).map(|i| dice(n * 1000 + i) as u8).collect();
        let payload = if n % 3 == 0 { &real[n % real.len()] } else { &bytes };
        let packet = Packet { seq: dice(n + 7) as u16 * 65, timestamp: dice(n + 9) as u32 * 4_294_967, payload };
        if n.is_multiple_of(2) {
            listener.push(now, packet);
        } else {
            listener.push_red(now, packet);
        }
        let _ = parse_red(&bytes);
        let _ = Wav::parse(&bytes);
        listener.pull(now);
        now += STEP;
    }
    let heard = (0..100u16).filter(|&n| {
        let payload = &real[usize::from(n) % real.len()];
        listener.push(now, Packet { seq: n, timestamp: u32::from(n) * 960, payload });
        now += STEP;
        matches!(listener.pull(now), tsuwa_voice::Heard::Voice { .. })
    });
    assert!(heard.count() > 90);
}
