use crate::town::{Town, at, resume_refused};
use tsuwa_call::SignedOutWhy;
use tsuwa_exchange::EffectKind;
use tsuwa_proto::{Act, Code};

#[test]
fn a_logout_is_answered_before_its_connection_is_closed() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let kinds = town.ask_all(alice, Act::Logout);
    assert!(
        matches!(
            &kinds[..],
            [
                EffectKind::Reply { session, outcome: Ok(_), .. },
                EffectKind::Close { why: SignedOutWhy::LoggedOut, .. },
            ] if *session == alice
        ),
        "{kinds:?}"
    );
    assert_eq!(town.exchange.session_of(&at("alice", "laptop")), None);
    assert_eq!(resume_refused(&town.resume(alice, 0)), Some(Code::NotSignedIn));
}
