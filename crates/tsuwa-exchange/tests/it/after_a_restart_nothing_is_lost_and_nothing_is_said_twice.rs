use crate::town::{Town, accept, call, events, hangup, reply, resume_refused};
use tsuwa_exchange::{EffectKind, Input, Log};
use tsuwa_proto::Event;

#[test]
fn recovery_emits_nothing_and_resumes_give_what_is_missing() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let bob = town.sign_in("bob", "phone");
    let id = town.number();
    let asked = || Input::Request { session: alice, id, act: call("bob") };
    let outcome = reply(&town.take(asked()));
    // Killed before any of that reached anybody.
    town.restart();
    assert_eq!(town.exchange.poll_effect(), None);
    town.take(Input::Started);
    let invitation = events(&town.resume(bob, 0), bob);
    assert!(matches!(&invitation[..], [(1, Event::OnInvited { .. })]));
    town.resume(alice, 0);
    let again = town.take(asked());
    assert!(matches!(again[..], [EffectKind::Reply { .. }]), "the call is not begun twice");
    assert_eq!(reply(&again), outcome);
}

#[test]
fn a_call_goes_on_and_a_ringing_still_times_out() {
    let (mut town, alice, bob, call) = Town::talking();
    let carol = town.sign_in("carol", "phone");
    let before_ringing = town.now;
    town.call(alice, "carol");
    let _ = carol;
    town.now = town.now.plus(10_000);
    town.log.keep(&town.exchange.snapshot()).unwrap();
    let (seen_by_alice, seen_by_bob) = (town.last_event(alice), town.last_event(bob));
    town.restart();
    town.take(Input::Started);
    let quality = events(&town.resume(alice, seen_by_alice), alice);
    assert!(quality.iter().all(|(_, event)| matches!(event, Event::OnNetworkQuality { .. })), "{quality:?}");
    let back = town.resume(bob, seen_by_bob);
    let resumed = |kind: &EffectKind| match kind {
        EffectKind::Resumed { call, .. } => call.clone(),
        _ => None,
    };
    assert_eq!(back.iter().find_map(resumed).map(|state| state.call_id), Some(call));
    let until = before_ringing.plus(30_000);
    let rest = until.since(town.now);
    assert_eq!(events(&town.pass(rest - 1), alice), []);
    let no_response = events(&town.pass(1), alice);
    assert!(matches!(&no_response[..], [(_, Event::OnNoResp { .. })]), "{no_response:?}");
    assert!(town.ask(bob, hangup(call)).is_ok());
}

#[test]
fn sessions_are_kept_for_a_minute_from_the_start() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    town.socket(alice, false);
    // The server was down for an hour.
    town.now = town.now.plus(3_600_000);
    town.restart();
    town.take(Input::Started);
    town.pass(59_000);
    assert_eq!(resume_refused(&town.resume(alice, 0)), None);
}

#[test]
fn an_effect_of_the_new_reign_has_a_higher_name() {
    let (mut town, alice, bob, call) = Town::talking();
    let last = town.effects.last().unwrap().id;
    town.restart();
    town.take(Input::Started);
    town.resume(bob, 0);
    town.resume(alice, 0);
    let _ = town.ask(bob, accept(call));
    let after = town.effects.iter().filter(|effect| effect.id > last).count();
    assert!(after > 0);
    assert!(town.effects.windows(2).all(|pair| pair[0].id < pair[1].id));
}
