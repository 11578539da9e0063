use crate::town::{Town, at, code, events, mute, resume_refused};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{Act, Code, Event, EventSeq, SessionId};

/// Bob makes events for Alice until she has had too many.
fn flood(town: &mut Town, alice: SessionId, bob: SessionId, call: tsuwa_proto::CallId) -> usize {
    for count in 0..600 {
        town.take(Input::Media(tsuwa_call::MediaReport::Flowing {
            call,
            at: at("bob", "phone"),
            kind: tsuwa_proto::StreamKind::Audio,
        }));
        for is_mute in [true, false] {
            let kinds = town.ask_all(bob, mute(call, is_mute));
            if kinds.contains(&EffectKind::Lapsed { session: alice }) {
                return count;
            }
        }
    }
    panic!("she takes everything");
}

#[test]
fn a_session_with_too_many_undelivered_events_is_given_up_but_keeps_its_call() {
    let (mut town, alice, bob, call) = Town::talking();
    flood(&mut town, alice, bob, call);
    assert_eq!(resume_refused(&town.resume(alice, 0)), Some(Code::NotSignedIn));
    assert_eq!(code(town.ask(alice, Act::Logout)), Code::NotSignedIn);

    let kinds = town.sign_in_all("alice", "laptop");
    let EffectKind::SignedIn { session, call: Some(state), .. } =
        kinds.iter().find(|kind| matches!(kind, EffectKind::SignedIn { .. })).unwrap()
    else {
        panic!("she is still in her call")
    };
    assert_eq!(state.call_id, call);
    let enters = events(&kinds, *session);
    assert!(enters.iter().any(|(_, event)| matches!(event, Event::OnUserEnter { .. })), "and learns who is there");
    assert_eq!(enters[0].0, 1, "numbers begin anew");
    assert!(town.ask(*session, mute(call, true)).is_ok());
}

#[test]
fn who_acknowledges_is_not() {
    let (mut town, alice, bob, call) = Town::talking();
    for _ in 0..600 {
        for is_mute in [true, false] {
            town.take(Input::Media(tsuwa_call::MediaReport::Flowing {
                call,
                at: at("bob", "phone"),
                kind: tsuwa_proto::StreamKind::Audio,
            }));
            town.ask(bob, mute(call, is_mute)).unwrap();
        }
        town.take(Input::Ack { session: alice, seq: EventSeq(u64::MAX) });
    }
    assert_eq!(resume_refused(&town.resume(alice, 0)), None);
}

#[test]
fn who_never_comes_back_leaves() {
    let (mut town, alice, bob, call) = Town::talking();
    flood(&mut town, alice, bob, call);
    town.pass(60_000);
    assert_eq!(town.exchange.switchboard().live_calls(), []);
    assert_eq!(town.exchange.sessions(), 1);
}
