use crate::line::{STEP, dice};
use std::time::Instant;
use tsuwa_voice::{Listener, Packet, Wav, parse_red};

/// Random bytes as packets, as RED and as files: refused or made something of, never a panic.
#[test]
fn garbage_is_survived() {
    let mut now = Instant::now();
    let mut listener = Listener::new().unwrap();
    for n in 0..3000 {
        let bytes: Vec<u8> = (0..dice(n) as usize % 200).map(|i| dice(n * 1000 + i) as u8).collect();
        let packet =
            Packet { seq: dice(n + 7) as u16 * 65, timestamp: dice(n + 9) as u32 * 4_294_967, payload: &bytes };
        if n % 2 == 0 {
            listener.push(now, packet);
        } else {
            listener.push_red(now, packet);
        }
        let _ = parse_red(&bytes);
        let _ = Wav::parse(&bytes);
        listener.pull(now);
        now += STEP;
    }
}
