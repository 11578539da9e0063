use crate::stage::{Phone, Stage, talk};
use serde_json::Value;

/// Row 9 of the scenarios. Media still counts as fine for some seconds when the socket is silent already.
#[test]
fn one_who_is_lost_stays_down_until_it_is_back() {
    let stage = Stage::open();
    let flags = ["--tone", "--silent"];
    let (mut alice, mut bob) = (stage.phone_with("alice", &flags), stage.phone_with("bob", &flags));
    talk(&mut alice, &mut bob);
    quality(&mut bob, "alice", |quality| *quality != 0 && *quality != 6);
    alice.stands_still(true);
    quality(&mut bob, "alice", |quality| *quality == 6);
    // Two reports, 2 s apart.
    for _ in 0..2 {
        quality(&mut bob, "alice", |_| true);
        assert_eq!(bob.seen.last().unwrap()["params"]["quality"], 6);
    }
    alice.stands_still(false);
    quality(&mut bob, "alice", |quality| *quality != 6);
    assert_eq!(bob.story(), ["onInvited", "onUserEnter", "onUserAudioAvailable"]);
}

fn quality(phone: &mut Phone, user: &str, is: impl Fn(&Value) -> bool) {
    phone.until("a quality", |line| {
        line["event"] == "onNetworkQuality" && line["params"]["userId"] == user && is(&line["params"]["quality"])
    });
}
