use crate::town::{Town, at, call, code};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{Code, Event, MediaMode};

#[test]
fn a_new_ticket_keeps_the_session() {
    let mut town = Town::new();
    town.sign_in("bob", "phone");
    let expires_at = town.now.plus(1_000);
    let key = at("alice", "laptop");
    town.take(Input::SignIn { origin: 1, at: key.clone(), media: MediaMode::None, expires_at });
    let alice = town.exchange.session_of(&key).unwrap();
    let expired = town.pass(2_000);
    let told = EffectKind::Event { session: alice, seq: tsuwa_proto::EventSeq(1), event: Event::OnUserSigExpired {} };
    assert_eq!(expired, [told]);
    assert_eq!(code(town.ask(alice, call("bob"))), Code::SigExpired);

    let expires_at = town.now.plus(60_000);
    let kinds = town.take(Input::Renew { origin: 77, session: alice, expires_at });
    assert_eq!(kinds, [EffectKind::SignedIn { origin: 77, session: alice, at: key, call: None }]);
    town.call(alice, "bob");
}

#[test]
fn of_a_session_that_is_over_it_is_refused() {
    let mut town = Town::new();
    let expires_at = town.now.plus(60_000);
    let kinds = town.take(Input::Renew { origin: 77, session: tsuwa_proto::SessionId(5), expires_at });
    assert!(matches!(&kinds[..], [EffectKind::SignInRefused { origin: 77, .. }]));
}
