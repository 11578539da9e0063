use crate::town::{Town, closed, events, resume_refused};
use tsuwa_call::{AdminAct, DevicePolicy, Policy, SignedOutWhy};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{Code, Event};

#[test]
fn a_kicked_session_is_refused_with_6208() {
    let mut town = Town::new();
    let policy = Policy { devices: DevicePolicy::One, ..Policy::default() };
    town.take(Input::Admin { origin: 9, act: AdminAct::SetPolicy(policy) });
    let old = town.sign_in("alice", "laptop");
    let kinds = town.sign_in_all("alice", "phone");
    assert_eq!(closed(&kinds), [(old, SignedOutWhy::Kicked)]);
    assert_eq!(events(&kinds, old), [(1, Event::OnKickedOffline {})]);
    let told = kinds.iter().position(|kind| matches!(kind, EffectKind::Event { .. }));
    let shut = kinds.iter().position(|kind| matches!(kind, EffectKind::Close { .. }));
    assert!(told < shut, "it is told why before it is closed");
    assert_eq!(resume_refused(&town.resume(old, 1)), Some(Code::SignedInElsewhere));
}

#[test]
fn as_is_one_that_an_administrator_ended() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    town.take(Input::Admin { origin: 9, act: AdminAct::SignOut { user: "alice".parse().unwrap(), device: None } });
    assert_eq!(resume_refused(&town.resume(alice, 0)), Some(Code::SignedInElsewhere));
}

#[test]
fn also_after_a_restart() {
    let mut town = Town::new();
    let old = town.sign_in("alice", "laptop");
    town.sign_in("alice", "laptop");
    town.restart();
    town.take(Input::Started);
    assert_eq!(resume_refused(&town.resume(old, 0)), Some(Code::SignedInElsewhere));
}
