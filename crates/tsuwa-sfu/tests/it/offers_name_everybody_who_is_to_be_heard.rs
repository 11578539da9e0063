use crate::town::{Town, config, leg};
use std::time::Duration;
use tsuwa_proto::StreamKind;
use tsuwa_sfu::Happening;

#[test]
fn the_first_offer_for_the_caller_has_the_callees_line() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.run(Duration::from_millis(20));
    let first = town.news.iter().find_map(|(_, news)| match news {
        Happening::Offer { to, fresh, sdp, streams, .. } if *to == leg("alice") => {
            Some((*fresh, sdp.clone(), streams.clone()))
        }
        _ => None,
    });
    let (fresh, sdp, streams) = first.unwrap();
    assert!(fresh);
    assert_eq!(streams.len(), 2);
    assert_eq!((streams[0].kind, &streams[0].user_id), (StreamKind::Audio, &None), "the one to send on");
    assert_eq!(streams[1].user_id.as_ref().map(|user| user.as_str()), Some("bob"));
    assert!(!sdp.contains("m=video"), "a call of sound has no line for pictures");
    assert!(sdp.contains("a=ice-lite") && sdp.contains(" tcp ") && sdp.contains("tcptype passive"));
    assert!(sdp.contains("useinbandfec=1") && sdp.contains("minptime=10") && sdp.contains("a=rtcp-fb:111 nack"));
    assert!(sdp.contains("SAVPF 63 111"), "RED comes first, or no browser would send it");
}

#[test]
fn a_user_with_several_devices_has_one_line_and_the_admitted_device_is_heard_on_it() {
    let mut town = Town::with_call(&["alice"]);
    let bob = |device: &str| tsuwa_sfu::LegKey { user: "bob".parse().unwrap(), device: device.parse().unwrap() };
    for (number, device) in ["phone", "desk"].into_iter().enumerate() {
        let at = town.join(&format!("bob{number}"), config(true), false);
        town.rooms.leave(town.now, crate::town::call(1), &leg(&format!("bob{number}")));
        town.clients[at].key = bob(device);
        town.rooms.join(town.now, crate::town::call(1), bob(device), false);
    }
    town.run_until_up();
    let lines = town.clients[0].streams.iter().filter(|line| line.user_id.is_some()).count();
    assert_eq!(lines, 1, "one line for bob, whichever device he takes");
    town.admit("alice");
    town.rooms.admit(town.now, crate::town::call(1), &bob("desk"));
    town.run(Duration::from_secs(1));
    let payload = town.clients[2].speaks.clone().unwrap().1;
    let heard = town.heard("alice", "bob");
    assert!(heard.len() > 45 && heard.iter().all(|packet| *packet.payload == payload), "the device that was taken");
    assert!(town.clients[1].heard.is_empty(), "the other one hears nothing");
}

#[test]
fn an_offer_without_an_answer_is_made_anew() {
    let mut town = Town::with_call(&["alice"]);
    town.clients[0].answers = false;
    town.run(Duration::from_secs(5));
    town.clients[0].answers = true;
    town.run(Duration::from_secs(7));
    assert!(town.has_happened(&Happening::Up(leg("alice"))));
}

#[test]
fn an_answer_that_is_no_sdp_is_refused_and_the_leg_has_failed() {
    let mut town = Town::with_call(&["alice", "bob"]);
    town.clients[0].answers = false;
    town.run(Duration::from_millis(50));
    let offer_id = town.news.iter().find_map(|(_, news)| match news {
        Happening::Offer { to, offer_id, .. } if *to == leg("alice") => Some(*offer_id),
        _ => None,
    });
    for text in ["", "v=0", "no sdp at all"] {
        town.rooms.answer(town.now, crate::town::call(1), &leg("alice"), offer_id.unwrap() + 77, text);
    }
    town.collect();
    assert!(!town.has_happened(&Happening::Failed(leg("alice"))), "answers to no offer are ignored");
    town.rooms.answer(town.now, crate::town::call(1), &leg("alice"), offer_id.unwrap(), "no sdp at all");
    town.collect();
    assert!(town.has_happened(&Happening::Failed(leg("alice"))));
    assert!(town.news.iter().any(|(_, news)| matches!(news, Happening::AnswerRefused { .. })));
    assert!(!town.has_happened(&Happening::Failed(leg("bob"))), "bob's is fine");
}
