use crate::line::{at_once, encoded, hear_by, said};
use tsuwa_voice::{FRAME, Packet, compare, loudness};

/// Muted for a second: the sequence goes on without a gap, the timestamps jump. Nothing is taken for lost.
#[test]
fn a_pause_is_silence_and_speech_resumes() {
    let said = said(13, 4.0);
    let packets = encoded(&said);
    let mut seq = 0;
    let heard = hear_by(&packets, 1.0, &at_once, |listener, now, number, payload| {
        if !(75..125).contains(&number) {
            listener.push(now, Packet { seq, timestamp: (number * FRAME) as u32, payload });
            seq += 1;
        }
    });
    let stats = heard.listener.stats();
    assert_eq!((stats.made_up, stats.by_fec), (0, 0), "{stats:?}");
    assert!(loudness(&heard.sound[85 * FRAME..124 * FRAME]).dbfs() < -70.0);
    assert!(heard.frames_of_nothing > 40);
    let after = compare(&said, &heard.sound[130 * FRAME..], 48_000 * 4).unwrap();
    assert!(after.correlation > 0.85, "{after:?}");
}
