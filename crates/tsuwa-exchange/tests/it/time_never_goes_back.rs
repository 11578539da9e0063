use crate::town::Town;
use tsuwa_exchange::{Exchange, Input, Log};
use tsuwa_proto::Millis;

#[test]
fn time_never_goes_back() {
    let mut town = Town::new();
    let noon = town.now.plus(50_000);
    let first = town.exchange.propose(noon, Input::Tick);
    let second = town.exchange.propose(Millis(3), Input::Tick);
    assert_eq!((first.at, second.at), (noon, noon), "neither between proposals");
    for entry in [first, second] {
        town.log.append(std::slice::from_ref(&entry)).unwrap();
        town.exchange.committed(&entry);
    }
    town.restart();
    let third = town.exchange.propose(Millis(3), Input::Started);
    assert_eq!(third.at, noon, "nor when the machine's clock was set back while the process was away");
    let mut follower: Exchange = town.exchange.clone();
    follower.committed(&third);
    assert_eq!(follower.propose(Millis(3), Input::Tick).at, noon);
}
