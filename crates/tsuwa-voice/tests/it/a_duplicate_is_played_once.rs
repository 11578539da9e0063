use crate::line::{at_once, encoded, hear, hear_by, said};
use tsuwa_voice::{FRAME, Packet, Pushed};

#[test]
fn a_duplicate_is_played_once() {
    let packets = encoded(&said(5, 2.0));
    let once = hear(&packets, 1.0, (0, 0), &at_once);
    let twice = hear_by(&packets, 1.0, &at_once, |listener, now, number, payload| {
        let packet = Packet { seq: number as u16, timestamp: (number * FRAME) as u32, payload };
        listener.push(now, packet);
        assert_eq!(listener.push(now, packet), Pushed::Duplicate);
    });
    assert!(once.sound == twice.sound);
}
