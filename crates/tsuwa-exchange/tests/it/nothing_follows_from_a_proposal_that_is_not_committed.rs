use crate::town::{Town, at};
use tsuwa_exchange::Input;
use tsuwa_proto::MediaMode;

#[test]
fn nothing_follows_from_a_proposal_that_is_not_committed() {
    let mut town = Town::new();
    let before = town.exchange.clone();
    let key = at("alice", "laptop");
    let sign_in = || Input::SignIn { origin: 1, at: key.clone(), media: MediaMode::None, expires_at: town.now };
    let first = town.exchange.propose(town.now, sign_in());
    let second = town.exchange.propose(town.now.plus(5_000), Input::Tick);
    assert_eq!(second.position, first.position + 1, "several may be on their way");
    assert_eq!(town.exchange.poll_effect(), None);
    assert_eq!(town.exchange.session_of(&key), None);
    assert_eq!(town.exchange.snapshot(), before.snapshot());
    town.exchange.withdraw();
    assert_eq!(town.exchange, before, "a log that failed has changed nothing");
    assert_eq!(town.exchange.propose(town.now, Input::Tick).position, first.position);
}
