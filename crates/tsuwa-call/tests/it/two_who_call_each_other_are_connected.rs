//! Row 12: nobody is busy.

use crate::town::{Town, accept, calls, kind};
use tsuwa_call::Reply;
use tsuwa_proto::{Code, InvitationId};

#[test]
fn two_who_call_each_other_are_connected() {
    let mut town = Town::of(&["A1", "B1", "B2"]);
    let call = town.call("A1", "B", 2);
    town.sees("B1", &["onInvited A [] false 2"]);
    town.sees("B2", &["onInvited A [] false 2"]);
    let reply = town.ask("B1", calls("A", 1));
    // The call's own id and type, whatever the request named.
    assert_eq!(reply, Ok(Reply::Call { call_id: call, invitation_id: InvitationId(1), kind: kind(2) }));
    town.sees("A1", &["onUserEnter B"]);
    town.sees("B1", &["onUserEnter A"]);
    town.sees("B2", &["onCallingCancel answered_elsewhere"]);
    town.refused("B1", accept(call), Code::InvitationOver);
    assert!(town.admitted("A1", call) && town.admitted("B1", call));
}
