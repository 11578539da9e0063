use crate::town::{Town, call, events, reply};
use tsuwa_exchange::{EffectKind, Input};

#[test]
fn a_repeated_request_is_done_once() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let bob = town.sign_in("bob", "phone");
    let id = town.number();
    let first = town.take(Input::Request { session: alice, id, act: call("bob") });
    assert_eq!(events(&first, bob).len(), 1, "bob's phone rings");
    town.socket(alice, false);
    town.resume(alice, 0);
    let second = town.take(Input::Request { session: alice, id, act: call("bob") });
    assert!(matches!(second[..], [EffectKind::Reply { .. }]), "nothing is done but to answer");
    assert_eq!(reply(&second), reply(&first));
    assert_eq!(town.exchange.switchboard().live_calls().len(), 1);
}

#[test]
fn a_refusal_is_repeated_too() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let id = town.number();
    let request = || Input::Request { session: alice, id, act: call("alice") };
    let first = reply(&town.take(request()));
    assert!(first.is_err());
    assert_eq!(reply(&town.take(request())), first);
}
