use super::town::WebPhone;
use crate::browser::turn;
use crate::stage::{Phone, Stage};

fn hears_the_page(phone: &mut Phone) {
    phone.until("the page's sound", |line| {
        line["event"] == "onUserVoiceVolume" && line["params"]["totalVolume"].as_u64().unwrap() > 20
    });
}

#[test]
fn a_page_and_a_native_phone_call_each_other_and_both_hear() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open(&stage, "alice");
    let mut bob = stage.phone_with("bob", &["--silent", "--tone"]);
    assert_eq!(bob.answer("login"), 0);

    alice.dials("bob", "callAudio");
    bob.event("onInvited");
    bob.succeeds("accept");
    alice.talks();
    alice.hears("bob");
    hears_the_page(&mut bob);
    alice.hang_up();
    bob.event("onCallEnd");

    alice.tab.press("dismiss");
    alice.is("home");
    bob.succeeds("call alice");
    alice.rings_from("bob");
    alice.tab.press("accept");
    bob.event("onUserEnter");
    alice.hears("bob");
    hears_the_page(&mut bob);
    bob.types("hangup");
    alice.is("ended");
}
