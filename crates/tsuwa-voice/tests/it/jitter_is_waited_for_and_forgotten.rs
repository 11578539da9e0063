use crate::line::{dice, encoded, hear, said};
use std::time::Duration;
use tsuwa_voice::compare;

/// While packets come up to 60 ms late, sound waits for them; when they come evenly again, the delay shrinks.
#[test]
fn jitter_is_waited_for_and_forgotten() {
    let said = said(9, 30.0);
    let uneven = |number: usize| {
        let late = if number < 500 { dice(number) % 60 } else { 0 };
        Some(Duration::from_millis(5 + late))
    };
    let heard = hear(&encoded(&said), 1.0, (1, 1), &uneven);
    let part = |from: usize, to: usize| {
        let (from, to) = (from * 48_000, to * 48_000);
        compare(&said[from..to], &heard.sound[from..to], 48_000).unwrap().delay().as_millis()
    };
    let (uneven, even) = (part(5, 10), part(24, 30));
    assert!((40..120).contains(&uneven), "{uneven} ms, then {even} ms");
    assert!(even < 45, "{uneven} ms, then {even} ms");
    // Once the jitter was known (the first second), next to nothing had to be made up.
    let stats = heard.listener.stats();
    assert!(stats.waited + stats.made_up + stats.by_fec + stats.late < 40, "{stats:?}");
}
