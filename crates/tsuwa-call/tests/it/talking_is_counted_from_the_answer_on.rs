//! What records and metrics are made of: how each invitation ended, and how long people talked.

use crate::town::{Town, device, user};
use tsuwa_call::{HowEnded, Note};

#[test]
fn talking_is_counted_from_the_answer_on() {
    let mut town = Town::of(&["A1", "B1"]);
    let call = town.call("A1", "B", 1);
    town.wait_ms(4_000);
    town.accept("B1", call);
    town.wait_ms(60_000);
    town.hangup("B1", call);
    town.forget_what_was_seen();
    let ended: Vec<_> = town
        .notes
        .iter()
        .filter(|n| matches!(n, Note::InvitationEnded { .. } | Note::CallEnded { .. }))
        .cloned()
        .collect();
    let (callee, how, device) = (user("B"), HowEnded::Accepted, Some(device("B1").device));
    assert_eq!(
        ended,
        [
            Note::InvitationEnded { call, callee, how, device, reason: None, stood: true, rang_ms: 4_000 },
            Note::CallEnded { call, talked_ms: Some(60_000) },
        ]
    );
}
