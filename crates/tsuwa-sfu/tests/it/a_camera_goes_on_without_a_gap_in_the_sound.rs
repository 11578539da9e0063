use crate::town::{Town, call, config, leg, vp8};
use std::time::Duration;
use tsuwa_proto::StreamKind;
use tsuwa_sfu::{Happening, Track};

#[test]
fn in_a_call_that_began_with_sound_alone() {
    let mut town = Town::new();
    town.rooms.open(town.now, call(1));
    for name in ["alice", "bob"] {
        town.join(name, config(true).enable_vp8(true), false);
        town.admit(name);
    }
    town.run_until_up();
    town.run(Duration::from_secs(1));
    assert!(!town.clients[0].offers[0].contains("m=video"));

    for name in ["alice", "bob"] {
        town.rooms.join(town.now, call(1), leg(name), true);
    }
    town.run_until("both are on a transport with pictures", |town| {
        town.clients.iter().all(|client| client.links.len() == 2 && client.links[1].connected)
    });
    for picture in 0..100 {
        let now = town.now;
        town.clients[0].write(now, StreamKind::Video, 96, vp8(picture, picture % 25 == 0), true);
        town.run(Duration::from_millis(20));
    }
    assert!(town.clients[1].seen.len() > 70, "bob sees alice: {}", town.clients[1].seen.len());
    assert!(town.has_happened(&Happening::Flowing(leg("alice"), Track::Video)));
    let heard = &town.clients[1].heard;
    let longest = heard.windows(2).map(|two| two[1].0 - two[0].0).max().unwrap();
    assert!(longest <= Duration::from_millis(45), "and has heard her all the time: {longest:?}");
}
