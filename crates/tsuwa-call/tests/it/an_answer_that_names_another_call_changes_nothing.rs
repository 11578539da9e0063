//! Rule 4, and the refusals 8010 and 8011.

use crate::town::{Town, accept, hangup, reject};
use tsuwa_proto::{Act, CallId, Code};

#[test]
fn an_answer_that_names_another_call_changes_nothing() {
    let (mut town, call) = Town::talking();
    let old = CallId(3);
    for act in [accept(old), reject(old), hangup(old), Act::SetMicMute { call_id: old, is_mute: true }] {
        town.refused("A1", act.clone(), Code::InvitationOver);
        town.refused("C1", act, Code::InvitationOver);
    }
    for act in [accept(call), reject(call), hangup(call), Act::SetMicMute { call_id: call, is_mute: true }] {
        town.refused("C1", act, Code::InvitationNotYours);
    }
    town.refused("C1", Act::Accept { call_id: None, invitation_id: None }, Code::WrongState);
    town.call("C1", "D", 1);
    town.sees("D1", &["onInvited C [] false 1"]);
    town.refused("D1", accept(call), Code::InvitationNotYours);
    town.refused("D1", Act::Reject { call_id: None, invitation_id: None }, Code::BadParameter);
}
