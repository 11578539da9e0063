use crate::line::{at_once, encoded, hear, said};
use tsuwa_voice::compare;

/// A sender whose clock is 0.1 % fast has sent 60 ms too much after a minute: the delay does not grow by it.
#[test]
fn a_fast_sender_does_not_pile_up() {
    let said = said(10, 60.0);
    let heard = hear(&encoded(&said), 0.999, (1, 1), &at_once);
    let end = heard.sound.len() - 48_000;
    let found = compare(&said, &heard.sound[..end], 96_000).unwrap();
    assert!(found.correlation > 0.85, "{found:?}");
    let stats = heard.listener.stats();
    assert!(stats.stretched > 0, "{stats:?}");
    // Of the sound in the last seconds: said later than heard by the clock, plus the delay of the line.
    let last = compare(&said, &heard.sound[end - 240_000..end], 480_000 * 6).unwrap();
    let heard_at = (end - 240_000) as i64;
    let said_at = -last.delay_samples;
    let delay_ms = (heard_at - (said_at as f64 * 0.999) as i64) / 48;
    assert!((0..60).contains(&delay_ms), "{delay_ms} ms");
    assert_eq!(stats.late, 0);
}
