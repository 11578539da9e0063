//! Row 30: a new `login` renews in place.

use crate::town::{Town, calls, group};
use tsuwa_proto::{Code, MediaMode};

#[test]
fn an_expired_ticket_lets_the_call_go_on() {
    let mut town = Town::of(&["B1"]);
    town.sign_in_until("A1", MediaMode::Webrtc, 60_000);
    let call = town.call("A1", "B", 1);
    town.accept("B1", call);
    town.forget_what_was_seen();
    town.wait_ms(60_000);
    town.sees("A1", &["onUserSigExpired"]);
    town.refused("A1", calls("C", 1), Code::SigExpired);
    town.refused("A1", group(&["C"], 1), Code::SigExpired);
    town.mute("A1", call, true);
    town.renew("A1");
    town.call("A1", "C", 1);
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0", "onCallEnd"]);
}
