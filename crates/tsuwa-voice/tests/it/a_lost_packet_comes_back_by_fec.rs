use crate::line::{at_once, encoded, hear, said};
use std::time::Duration;
use tsuwa_voice::compare;

/// Every tenth packet is lost, and the next one brings it back: better than making it up.
#[test]
fn a_lost_packet_comes_back_by_fec() {
    let said = said(3, 8.0);
    let packets = encoded(&said);
    let lossy = |number: usize| (number % 10 != 5).then_some(Duration::from_millis(5));
    let heard = hear(&packets, 1.0, (1, 1), &lossy);
    assert!(heard.listener.stats().by_fec > 30, "{:?}", heard.listener.stats());
    let whole = compare(&said, &hear(&packets, 1.0, (1, 1), &at_once).sound, 48_000).unwrap();
    let found = compare(&said, &heard.sound, 48_000).unwrap();
    assert!(found.correlation > whole.correlation - 0.1, "{found:?} {whole:?}");
}
