//! Ringing, being called, media being up: none of it opens the callee's gate.

use crate::town::{Town, accept};
use tsuwa_proto::{Act, Code, StreamKind};

#[test]
fn a_callee_is_let_through_only_by_its_own_accept() {
    let mut town = Town::of(&["A1", "B1", "B2"]);
    let call = town.call("A1", "B", 2);
    town.sound("B1", call);
    town.flows("B1", call, StreamKind::Video);
    assert!(!town.admitted("B1", call) && !town.admitted("B2", call));
    town.refused("A1", accept(call), Code::InvitationOver);
    town.refused("B1", Act::SetMicMute { call_id: call, is_mute: false }, Code::WrongState);
    town.refused("B1", Act::SetCamera { call_id: call, is_open: true }, Code::WrongState);
    assert!(!town.admitted("B1", call) && !town.admitted("B2", call));
    town.accept("B1", call);
    assert!(town.admitted("B1", call) && !town.admitted("B2", call));
    town.hangup("B1", call);
    assert!(!town.admitted("A1", call) && !town.admitted("B1", call));
    town.forget_what_was_seen();
}
