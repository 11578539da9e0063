use crate::line::{STEP, dice, encoded, said};
use std::time::{Duration, Instant};
use tsuwa_voice::{FRAME, Heard, Listener, Packet, compare};

/// The listener's thread gets no turn for up to 100 ms, again and again, then finds the packets of that while and plays
/// the frames of it at once. The packets were not late, so next to nothing is made up.
#[test]
fn a_listener_that_was_held_up_goes_on_unheard() {
    let said = said(22, 10.0);
    let packets = encoded(&said);
    let begin = Instant::now();
    let mut listener = Listener::new().unwrap();
    let mut heard = Vec::new();
    let (mut arrived, mut played) = (0, 0);
    while played < packets.len() as u32 {
        let held_up = if dice(played as usize).is_multiple_of(4) { dice(played as usize + 1) % 100 } else { 0 };
        let now = STEP * played + Duration::from_millis(7 + held_up);
        while STEP * arrived <= now && (arrived as usize) < packets.len() {
            let payload = &packets[arrived as usize];
            listener.push(begin + now, Packet { seq: arrived as u16, timestamp: arrived * 960, payload });
            arrived += 1;
        }
        while STEP * played <= now {
            match listener.pull(begin + now) {
                Heard::Voice { frame, .. } | Heard::MadeUp(frame) => heard.extend_from_slice(&frame),
                Heard::Nothing => heard.extend_from_slice(&[0; FRAME]),
            }
            played += 1;
        }
    }
    let found = compare(&said, &heard, 48_000).unwrap();
    let stats = listener.stats();
    assert!(found.correlation > 0.9, "{found:?} {stats:?}");
    assert!(found.delay() < Duration::from_millis(60), "{found:?} {stats:?}");
    assert!(stats.waited + stats.made_up + stats.late <= 5, "{stats:?}");
}
