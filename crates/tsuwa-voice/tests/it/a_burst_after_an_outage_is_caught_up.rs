use crate::line::{encoded, hear, said};
use std::time::Duration;
use tsuwa_voice::compare;

/// The network holds everything back for a second and then delivers it at once: a little later speech is in time again.
#[test]
fn a_burst_after_an_outage_is_caught_up() {
    let said = said(14, 20.0);
    let packets = encoded(&said);
    let held = |number: usize| {
        let wait = if (200..250).contains(&number) { (250 - number as u64) * 20 } else { 0 };
        Some(Duration::from_millis(5 + wait))
    };
    let heard = hear(&packets, 1.0, (1, 1), &held);
    let end = compare(&said[12 * 48_000..], &heard.sound[12 * 48_000..20 * 48_000], 96_000).unwrap();
    assert!(end.delay().as_millis() < 450, "{end:?}");
    assert!(end.correlation > 0.8, "{end:?}");
}
