use crate::line::said;
use tsuwa_voice::compare;

/// Half as loud and 12 345 samples later.
#[test]
fn the_delay_between_two_recordings_is_found() {
    let said = said(18, 4.0);
    let mut heard = vec![0; 12_345];
    heard.extend(said.iter().map(|s| s / 2));
    let found = compare(&said, &heard, 48_000).unwrap();
    assert!((found.delay_samples - 12_345).abs() <= 1, "{found:?}");
    assert!(found.correlation > 0.99, "{found:?}");
    assert!((found.level_db + 6.02).abs() < 0.2, "{found:?}");
    assert_eq!(compare(&said, &[0; 48_000], 48_000), None);
}
