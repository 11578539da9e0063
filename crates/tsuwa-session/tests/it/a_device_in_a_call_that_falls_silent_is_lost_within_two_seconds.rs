use tsuwa_proto::Millis;
use tsuwa_session::{Beat, Heartbeat};

#[test]
fn a_device_in_a_call_that_falls_silent_is_lost_within_two_seconds() {
    let mut heartbeat = Heartbeat::new(Millis(0));
    heartbeat.set_in_call(Millis(5_000), true);
    let mut now = 5_000;
    // It answers each ping 30 ms later, for a while.
    for _ in 0..10 {
        now = heartbeat.deadline().unwrap().0.max(now);
        assert_eq!(heartbeat.poll(Millis(now)), Some(Beat::Ping));
        assert_eq!(heartbeat.poll(Millis(now)), None, "pings are a second apart");
        now += 30;
        assert!(!heartbeat.heard(Millis(now)), "it was not lost");
    }
    let silent_from = now;
    let mut pings = 0;
    let lost_at = loop {
        now = heartbeat.deadline().unwrap().0;
        match heartbeat.poll(Millis(now)) {
            Some(Beat::Ping) => pings += 1,
            Some(Beat::Lost) => break now,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(lost_at, silent_from + 2_000);
    assert!(pings > 0, "it was asked before it was given up");
    assert!(heartbeat.heard(Millis(lost_at + 1)), "any frame brings it back");
    assert!(!heartbeat.is_lost());
}
