use crate::client::event;
use tsuwa_proto::{CallId, CallType, Event, EventSeq, InvitationId};
use tsuwa_session::Outbox;

pub(crate) fn invited(call: u64) -> Event {
    Event::OnInvited {
        call_id: CallId(call),
        invitation_id: InvitationId(call),
        sponsor: "bob".parse().unwrap(),
        user_ids: Vec::new(),
        is_from_group: false,
        kind: CallType::Audio,
        rings_for_ms: 30_000,
        user_data: None,
    }
}

pub(crate) fn cancelled(call: u64) -> Event {
    Event::OnCallingCancel { call_id: CallId(call), reason: None }
}

pub(crate) fn timed_out(call: u64) -> Event {
    Event::OnCallingTimeOut { call_id: CallId(call) }
}

/// What a device that saw everything up to `last_seq` still gets of these events.
pub(crate) fn missed(events: &[Event], last_seq: u64) -> Vec<Event> {
    let mut outbox = Outbox::new();
    for event in events {
        outbox.push(event.clone()).unwrap();
    }
    outbox.resume(EventSeq(last_seq));
    outbox.undelivered().map(|(_, event)| event.clone()).collect()
}

#[test]
fn an_invitation_that_began_and_ended_while_away_is_left_out() {
    let events = [event(1), invited(7), timed_out(7), event(2), invited(8), cancelled(8), invited(9)];
    assert_eq!(missed(&events, 1), [event(2), invited(9)]);
}
