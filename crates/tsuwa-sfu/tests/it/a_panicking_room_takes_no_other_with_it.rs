use crate::town::{Town, call, config, leg};
use std::time::Duration;
use tsuwa_sfu::Happening;

#[test]
fn it_is_lost_and_can_be_made_anew() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.rooms.open(town.now, call(2));
    for name in ["carol", "dave"] {
        town.join_room(name, call(2), config(true), false);
        town.rooms.admit(town.now, call(2), &leg(name));
    }
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_millis(500));

    std::panic::set_hook(Box::new(|_| {}));
    town.rooms.break_room(call(1));
    town.run(Duration::from_millis(500));
    let _ = std::panic::take_hook();

    assert!(town.news.contains(&(call(1), Happening::RoomLost)));
    assert_eq!((town.rooms.rooms(), town.rooms.counters().rooms_lost), (1, 1));
    let heard = town.heard("carol", "dave");
    assert!(heard.windows(2).all(|two| *two[1].seq_no == *two[0].seq_no + 1), "the other call lost no packet");
    assert!(heard.len() > 40);

    town.rooms.open(town.now, call(1));
    for name in ["alice", "bob"] {
        town.rooms.join(town.now, call(1), leg(name), false);
        town.admit(name);
    }
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    town.run(Duration::from_secs(2));
    assert!(!town.heard("alice", "bob").is_empty(), "placed anew, it works");
}
