use crate::client::event;
use tsuwa_proto::EventSeq;
use tsuwa_session::{Full, Outbox};

#[test]
fn an_outbox_takes_no_more_than_its_bound() {
    let mut outbox = Outbox::new();
    for number in 1..=256 {
        assert_eq!(outbox.push(event(number)), Ok(EventSeq(number)));
    }
    assert_eq!(outbox.push(event(257)), Err(Full));
    outbox.ack(EventSeq(100));
    assert_eq!(outbox.push(event(257)), Ok(EventSeq(257)), "acknowledged ones make room");
    assert_eq!(outbox.undelivered().count(), 157);
    outbox.ack(EventSeq(u64::MAX));
    assert_eq!(outbox.push(event(258)), Ok(EventSeq(258)), "whatever a device claims to have seen");
}
