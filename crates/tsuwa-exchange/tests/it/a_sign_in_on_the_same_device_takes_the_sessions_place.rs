use crate::town::{Town, at, closed, events, hangup, resume_refused};
use tsuwa_call::SignedOutWhy;
use tsuwa_exchange::EffectKind;
use tsuwa_proto::{Code, Event};

#[test]
fn a_sign_in_on_the_same_device_takes_the_sessions_place() {
    let (mut town, old, _, call) = Town::talking();
    let kinds = town.sign_in_all("alice", "laptop");
    assert_eq!(closed(&kinds), [(old, SignedOutWhy::Replaced)]);
    assert_eq!(events(&kinds, old), [], "nothing is said to the old one, not even that it is out");
    let new = town.exchange.session_of(&at("alice", "laptop")).unwrap();
    assert_ne!(new, old);
    assert!(matches!(kinds[0], EffectKind::Close { .. }));
    assert!(
        matches!(&kinds[1], EffectKind::SignedIn { call: Some(state), .. } if state.call_id == call),
        "the answer names the call, before any event"
    );
    assert!(events(&kinds, new).iter().any(|(_, event)| matches!(event, Event::OnUserEnter { .. })));
    assert_eq!(resume_refused(&town.resume(old, 0)), Some(Code::SignedInElsewhere));
    assert!(town.ask(new, hangup(call)).is_ok(), "the call is the new session's");
}
