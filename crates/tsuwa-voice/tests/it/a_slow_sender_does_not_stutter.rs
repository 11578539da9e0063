use crate::line::{at_once, encoded, hear, said};
use tsuwa_voice::compare;

/// A sender whose clock is 0.1 % slow leaves a hole of 60 ms a minute: sound is lengthened, hardly any made up.
#[test]
fn a_slow_sender_does_not_stutter() {
    let said = said(11, 60.0);
    let heard = hear(&encoded(&said), 1.001, (1, 1), &at_once);
    let stats = heard.listener.stats();
    assert!(stats.waited <= 6, "{stats:?}");
    let found = compare(&said, &heard.sound, 96_000).unwrap();
    assert!(found.correlation > 0.85, "{found:?} {stats:?}");
}
