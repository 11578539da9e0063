use crate::town::{Town, call, config, leg};
use std::time::Duration;
use tsuwa_sfu::Happening;

#[test]
fn whatever_their_lines_say() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.rooms.open(town.now, call(2));
    for name in ["carol", "dave"] {
        town.join_room(name, call(2), config(true), false);
        town.rooms.admit(town.now, call(2), &leg(name));
    }
    town.run_until_up();
    let good = {
        let (offer, streams) = (town.clients[0].offers[0].clone(), town.clients[0].streams.clone());
        town.clients[0].offered(town.now, 0, true, &offer, &streams).unwrap()
    };
    let _ = town.clients[0].links.pop();

    let lines: Vec<&str> = good.lines().collect();
    std::panic::set_hook(Box::new(|_| {}));
    for at in 0..lines.len() {
        for change in [
            "",
            "a=",
            "m=audio",
            "m=video 9 UDP/TLS/RTP/SAVPF 255 0 1",
            "a=rtpmap:111 opus/0/99",
            "a=mid:",
            "a=fmtp:111 x",
            "a=extmap:0 urn:x",
            "a=extmap:255 urn:ietf:params:rtp-hdrext:sdes:mid",
            "a=rid:q send",
            "a=ssrc:0 cname:x",
            "a=ssrc-group:FID 1 1",
            "a=simulcast:send ;;",
            "a=setup:holdconn",
            "a=fingerprint:sha-256 00",
            "a=ice-ufrag:",
        ] {
            let mut changed = lines.clone();
            changed[at] = change;
            town.rooms.leave(town.now, call(1), &leg("alice"));
            town.rooms.open(town.now, call(1));
            town.rooms.join(town.now, call(1), leg("alice"), false);
            town.clients[0].answers = false;
            town.run(Duration::from_millis(4));
            let offer_id = town.news.iter().rev().find_map(|(_, news)| match news {
                Happening::Offer { to, offer_id, .. } if *to == leg("alice") => Some(*offer_id),
                _ => None,
            });
            town.rooms.answer(town.now, call(1), &leg("alice"), offer_id.unwrap(), &changed.join("\r\n"));
            town.collect();
        }
    }
    let _ = std::panic::take_hook();
    assert!(!town.news.contains(&(call(2), Happening::RoomLost)));
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    town.run(Duration::from_secs(1));
    assert!(town.heard("carol", "dave").len() > 45, "the other call goes on");
}

#[test]
fn who_sends_without_measure_is_cut_off_beyond_it() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.admit("alice");
    town.admit("bob");
    town.run_until_up();
    let alice = town.clients[0].addr;
    let before = town.rooms.counters();
    for _ in 0..10_000 {
        town.inject(alice, vec![128; 100]);
    }
    town.run(Duration::from_millis(20));
    let after = town.rooms.counters();
    assert!(after.gated - before.gated >= 5_900, "most of them did not even reach the engine");
    town.run(Duration::from_secs(1));
    town.clients.iter_mut().for_each(|client| client.heard.clear());
    town.run(Duration::from_secs(1));
    assert!(town.heard("alice", "bob").len() > 45 && town.heard("bob", "alice").len() > 45, "then all is as it was");
}
