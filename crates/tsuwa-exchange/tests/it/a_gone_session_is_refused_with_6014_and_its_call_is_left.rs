use crate::town::{Town, at, call_end, code, events, mute, resume_refused};
use tsuwa_exchange::EffectKind;
use tsuwa_proto::{Code, Event};

#[test]
fn a_gone_session_is_refused_with_6014_and_its_call_is_left() {
    let (mut town, alice, bob, call) = Town::talking();
    town.socket(alice, false);
    let within = town.pass(59_999);
    let left = |(_, event): &(u64, Event)| matches!(event, Event::OnUserLeave { .. });
    assert!(events(&within, bob).iter().any(left), "its grace ended before");
    assert!(events(&within, bob).iter().any(|(_, event)| *event == call_end(call)));
    assert_eq!(town.exchange.session_of(&at("alice", "laptop")), Some(alice), "a session is kept for 60 s");
    let after = town.pass(1);
    assert!(after.contains(&EffectKind::Lapsed { session: alice }));
    assert_eq!(town.exchange.session_of(&at("alice", "laptop")), None);
    assert_eq!(resume_refused(&town.resume(alice, 0)), Some(Code::NotSignedIn));
    assert_eq!(code(town.ask(alice, mute(call, true))), Code::NotSignedIn);
}

#[test]
fn who_comes_back_in_time_is_kept() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    for _ in 0..3 {
        town.socket(alice, false);
        town.pass(50_000);
        assert_eq!(resume_refused(&town.resume(alice, 0)), None);
        town.pass(50_000);
    }
    assert_eq!(town.exchange.sessions(), 1);
}

#[test]
fn a_session_that_never_was_is_gone_too() {
    let mut town = Town::new();
    assert_eq!(resume_refused(&town.resume(tsuwa_proto::SessionId(4711), 0)), Some(Code::NotSignedIn));
}
