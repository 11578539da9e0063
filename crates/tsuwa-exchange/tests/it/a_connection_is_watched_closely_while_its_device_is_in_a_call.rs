use crate::town::{Town, accept, hangup};
use tsuwa_exchange::EffectKind;
use tsuwa_proto::SessionId;

fn watched(kinds: &[EffectKind]) -> Vec<(SessionId, bool)> {
    let in_call = |kind: &EffectKind| match kind {
        EffectKind::InCall { session, yes } => Some((*session, *yes)),
        _ => None,
    };
    kinds.iter().filter_map(in_call).collect()
}

#[test]
fn a_connection_is_watched_closely_while_its_device_is_in_a_call() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let bob = town.sign_in("bob", "phone");
    let calling = town.ask_all(alice, crate::town::call("bob"));
    assert_eq!(watched(&calling), [(alice, true)]);
    let call = town.exchange.switchboard().live_calls()[0].call_id;
    assert_eq!(watched(&town.ask_all(bob, accept(call))), [(bob, true)]);

    town.socket(alice, false);
    assert_eq!(watched(&town.resume(alice, 0)), [(alice, true)], "a new connection has to be told");
    assert_eq!(watched(&town.ask_all(bob, hangup(call))), [(alice, false), (bob, false)]);
}

#[test]
fn also_a_new_session_that_takes_a_call_over() {
    let (mut town, _, _, _) = Town::talking();
    let kinds = town.sign_in_all("alice", "laptop");
    assert!(matches!(watched(&kinds)[..], [(_, true)]));
}
