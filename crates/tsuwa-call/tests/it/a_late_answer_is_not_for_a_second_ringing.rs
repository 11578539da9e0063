//! Rule 4: an answer belongs to a question, also where the question is put twice.

use crate::town::{Town, hangup};
use tsuwa_call::Reply;
use tsuwa_proto::{Act, CallId, Code, HangupTarget, InvitationId};

/// The answers that name an invitation.
fn answers(call: CallId, invitation: InvitationId) -> [Act; 3] {
    let (call_id, invitation_id) = (Some(call), Some(invitation));
    [
        Act::Accept { call_id, invitation_id },
        Act::Reject { call_id, invitation_id },
        Act::Hangup { target: HangupTarget::Call(call), invitation_id },
    ]
}

#[test]
fn a_late_answer_is_not_for_a_second_ringing() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    let first = town.invitation("C1");
    town.wait_ms(30_000);
    town.call("A1", "C", 1);
    let second = town.invitation("C1");
    assert_ne!(first, second);
    town.forget_what_was_seen();
    for answer in answers(call, first) {
        town.refused("C1", answer, Code::InvitationOver);
    }
    assert_eq!(town.invitation("C1"), second, "it rings on");

    let [accept, _, _] = answers(call, second);
    let reply = town.ask("C1", accept);
    assert!(matches!(reply, Ok(Reply::Call { invitation_id, .. }) if invitation_id == second), "{reply:?}");
    assert_eq!(town.invitation("C1"), second, "it is in the call by that one");
    let [_, _, late] = answers(call, first);
    town.refused("C1", late, Code::InvitationOver);
    let [_, _, now] = answers(call, second);
    town.done("C1", now);
    town.forget_what_was_seen();
}

#[test]
fn nor_is_the_late_hangup_of_the_one_who_made_the_call() {
    let (mut town, call) = Town::talking();
    assert_eq!(town.invitation("A1"), InvitationId::NONE);
    town.call("A1", "C", 1);
    let c = town.invitation("C1");
    let [accept, _, _] = answers(call, c);
    town.ask("C1", accept).unwrap();
    town.done("A1", hangup(call));
    town.call("B1", "A", 1);
    let [accept, reject, hangup] = answers(call, InvitationId::NONE);
    for late in [accept, reject, hangup] {
        town.refused("A1", late, Code::InvitationOver);
    }
    town.forget_what_was_seen();
}
