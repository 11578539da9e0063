use crate::line::{encoded, hear_by, said};
use std::time::Duration;
use tsuwa_voice::{Block, FRAME, Packet, build_red, compare};

/// Every third packet is lost, and the next one carries it: nothing is made up.
#[test]
fn a_lost_packet_comes_back_by_red() {
    let said = said(4, 5.0);
    let packets = encoded(&said);
    let lossy = |number: usize| (number % 3 != 2).then_some(Duration::from_millis(5));
    let heard = hear_by(&packets, 1.0, &lossy, |listener, now, number, own| {
        let before = number.checked_sub(1).map(|n| Block { payload_type: 111, offset: 960, payload: &packets[n] });
        let payload = build_red(111, own, before.as_slice());
        listener.push_red(now, Packet { seq: number as u16, timestamp: (number * FRAME) as u32, payload: &payload });
    });
    let stats = heard.listener.stats();
    assert!(stats.by_red > 70, "{stats:?}");
    assert_eq!((stats.by_fec, stats.made_up), (0, 0), "{stats:?}");
    let found = compare(&said, &heard.sound, 48_000).unwrap();
    assert!(found.correlation > 0.9, "{found:?}");
}
