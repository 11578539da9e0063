use crate::town::{Town, events, resume_refused};
use tsuwa_exchange::EffectKind;
use tsuwa_proto::Code;

/// A power cut took the end of the log: the numbers of what comes now would be of what the device has had, and it would
/// take it for old.
#[test]
fn a_device_that_has_seen_more_than_the_log_signs_in_anew() {
    let (mut town, alice, bob, call) = Town::talking();
    let seen = town.last_event(bob);
    town.socket(bob, false);
    assert_eq!(resume_refused(&town.resume(bob, seen + 1)), Some(Code::NotSignedIn));
    assert_eq!(events(&town.pass(0), alice), [], "nobody is told anything of it");

    let back = town.sign_in_all("bob", "phone");
    let state = back.iter().find_map(|kind| match kind {
        EffectKind::SignedIn { call, .. } => call.as_ref(),
        _ => None,
    });
    assert_eq!(state.map(|state| state.call_id), Some(call), "its call is there still");
}
