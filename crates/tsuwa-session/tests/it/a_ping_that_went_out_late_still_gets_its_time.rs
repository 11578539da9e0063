use tsuwa_proto::Millis;
use tsuwa_session::{Beat, Heartbeat};

#[test]
fn a_ping_that_went_out_late_still_gets_its_time() {
    let mut heartbeat = Heartbeat::new(Millis(0));
    heartbeat.set_in_call(Millis(0), true);
    // The machine was busy for five seconds.
    assert_eq!(heartbeat.poll(Millis(5_000)), Some(Beat::Ping));
    assert_eq!(heartbeat.poll(Millis(5_000)), None, "nobody is lost for our own delay");
    assert!(!heartbeat.heard(Millis(5_400)));
}
