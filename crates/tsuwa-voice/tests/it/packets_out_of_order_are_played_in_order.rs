use crate::line::{encoded, hear, said};
use std::time::Duration;
use tsuwa_voice::compare;

/// Every other packet takes 30 ms longer, so that it arrives behind the one sent after it.
#[test]
fn packets_out_of_order_are_played_in_order() {
    let said = said(6, 6.0);
    let swapped = |number: usize| Some(Duration::from_millis(if number.is_multiple_of(2) { 35 } else { 5 }));
    let heard = hear(&encoded(&said), 1.0, (1, 1), &swapped);
    let stats = heard.listener.stats();
    assert!(stats.late + stats.by_fec + stats.made_up <= 5, "{stats:?}");
    let found = compare(&said, &heard.sound, 48_000).unwrap();
    assert!(found.correlation > 0.85, "{found:?}");
}
