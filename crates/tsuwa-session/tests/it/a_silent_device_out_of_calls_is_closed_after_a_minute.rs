use tsuwa_proto::Millis;
use tsuwa_session::{Beat, Heartbeat};

#[test]
fn a_silent_device_out_of_calls_is_closed_after_a_minute() {
    let mut heartbeat = Heartbeat::new(Millis(0));
    let mut beats = Vec::new();
    while let Some(at) = heartbeat.deadline() {
        beats.extend(heartbeat.poll(at).map(|beat| (at.0, beat)));
    }
    let pings = [20_000, 40_000, 60_000].map(|at| (at, Beat::Ping));
    assert_eq!(beats[..3], pings, "pings 20 s apart, and no loss is told");
    assert_eq!(beats[3..], [(80_000, Beat::Close)], "60 s after the first that went unanswered");
}
