use crate::line::{at_once, encoded, hear, said};
use tsuwa_voice::compare;

#[test]
fn sound_survives_the_codec() {
    let said = said(1, 5.0);
    let heard = hear(&encoded(&said), 1.0, (1, 1), &at_once);
    let found = compare(&said, &heard.sound, 48_000).unwrap();
    assert!(found.correlation > 0.9, "{found:?}");
    assert!(found.level_db.abs() < 1.5, "{found:?}");
    assert_eq!(heard.listener.stats().made_up, 0);
}
