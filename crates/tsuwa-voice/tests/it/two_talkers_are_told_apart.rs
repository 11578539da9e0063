use crate::line::said;
use tsuwa_voice::compare;

#[test]
fn two_talkers_are_told_apart() {
    let (one, two) = (said(19, 3.0), said(20, 3.0));
    assert!(said(19, 3.0) == one);
    let found = compare(&one, &two, 24_000).unwrap();
    assert!(found.correlation < 0.6, "{found:?}");
}
