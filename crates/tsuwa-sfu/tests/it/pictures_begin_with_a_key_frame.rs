use crate::town::{Town, config, vp8};
use std::time::Duration;
use tsuwa_proto::StreamKind;

const VP8: u8 = 96;
fn town() -> Town {
    let mut town = Town::new();
    town.rooms.open(town.now, crate::town::call(1));
    for name in ["alice", "bob"] {
        town.join(name, config(true).enable_vp8(true), true);
    }
    town
}

#[test]
fn a_receiver_gets_nothing_before_and_everything_after() {
    let mut town = town();
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    for picture in 0..100_u16 {
        let now = town.now;
        town.clients[0].write(now, StreamKind::Video, VP8, vp8(picture, picture == 50), true);
        town.run(Duration::from_millis(20));
    }
    let seen = &town.clients[1].seen;
    assert_eq!(seen.len(), 50, "from the key frame on");
    assert!(seen.windows(2).all(|two| *two[1].seq_no == *two[0].seq_no + 1));
    assert!(town.clients[0].asked_for_key_frames > 0, "the sender was asked for one");
}

#[test]
fn pictures_too_go_only_to_and_from_admitted_parties() {
    let mut town = town();
    town.admit("alice");
    town.run_until_up();
    for picture in 0..50_u16 {
        let now = town.now;
        town.clients[0].write(now, StreamKind::Video, VP8, vp8(picture, true), true);
        town.clients[1].write(now, StreamKind::Video, VP8, vp8(picture, true), true);
        town.run(Duration::from_millis(20));
    }
    assert!(town.clients[0].seen.is_empty() && town.clients[1].seen.is_empty());
    assert_eq!(town.rooms.counters().rtp_out, 0);
}
