use crate::town::{Town, config, leg};
use std::time::Duration;
use tsuwa_sfu::Happening;

#[test]
fn and_nothing_is_left_to_negotiate_when_it_is_admitted() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    town.run(Duration::from_secs(1));

    town.join("carol", config(true), false);
    town.run_until_up();
    town.run(Duration::from_secs(1));
    assert!(town.heard("carol", "alice").is_empty() && town.heard("alice", "carol").is_empty(), "carol rings");
    let links: Vec<usize> = town.clients.iter().map(|client| client.links.len()).collect();
    assert_eq!(links, [1, 1, 1], "the m-lines were added to the transports there are");

    town.news.clear();
    town.admit("carol");
    town.run(Duration::from_millis(40));
    for (by, of) in [("carol", "alice"), ("carol", "bob"), ("alice", "carol"), ("bob", "carol")] {
        assert!(!town.heard(by, of).is_empty(), "{by} hears {of} at once");
    }
    assert!(!town.news.iter().any(|(_, news)| matches!(news, Happening::Offer { .. })), "without another offer");

    town.run(Duration::from_secs(1));
    for (by, of) in [("alice", "bob"), ("bob", "alice")] {
        let heard = town.heard(by, of);
        assert!(heard.windows(2).all(|two| *two[1].seq_no == *two[0].seq_no + 1), "{by} lost nothing of {of}");
    }
}

#[test]
fn the_line_of_one_who_left_serves_the_next() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let guests = ["carol", "dave", "erin"];
    for guest in guests {
        town.join(guest, config(true), false);
        town.run_until_up();
        town.admit(guest);
        town.run(Duration::from_millis(300));
        assert!(!town.heard("alice", guest).is_empty(), "alice hears {guest}");
        town.rooms.leave(town.now, crate::town::call(1), &leg(guest));
        town.clients.pop();
        town.run(Duration::from_millis(100));
    }
    let lines = town.clients[0].offers.last().unwrap().matches("m=audio").count();
    assert_eq!(lines, 3, "one to send on, one for bob, one for whoever is the third");
}
