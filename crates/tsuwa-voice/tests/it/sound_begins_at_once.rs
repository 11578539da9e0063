use crate::line::{at_once, encoded, hear, said};
use tsuwa_voice::compare;

/// The first packet is played at the next tick, and on an even network the delay stays below two frames
/// (libopus itself looks 6.5 ms ahead).
#[test]
fn sound_begins_at_once() {
    let said = said(2, 4.0);
    let heard = hear(&encoded(&said), 1.0, (1, 1), &at_once);
    let found = compare(&said, &heard.sound, 48_000).unwrap();
    assert!(found.delay().as_millis() < 40, "{found:?}");
}
