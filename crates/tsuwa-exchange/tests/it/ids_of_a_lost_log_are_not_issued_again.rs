use crate::town::{APP, Town};
use tsuwa_exchange::{Exchange, Input};
use tsuwa_proto::Millis;

#[test]
fn ids_of_a_lost_log_are_not_issued_again() {
    let mut town = Town::new();
    for _ in 0..500 {
        town.sign_in("alice", "laptop");
    }
    let mut anew = Exchange::new(APP, 9);
    let first = anew.propose(town.now.plus(1), Input::Started);
    assert!(first.position > town.exchange.position());
    assert!(anew.propose(Millis(u64::MAX), Input::Tick).position == first.position + 1);
}
