use crate::line::{at_once, encoded, hear, said};

/// Sequence numbers and timestamps that go over their end change nothing.
#[test]
fn numbers_may_wrap() {
    let packets = encoded(&said(7, 3.0));
    let plain = hear(&packets, 1.0, (100, 100), &at_once);
    let wrapping = hear(&packets, 1.0, (u16::MAX - 40, u32::MAX - 70 * 960), &at_once);
    assert!(plain.sound == wrapping.sound);
    assert_eq!(plain.listener.stats(), wrapping.listener.stats());
}
