use super::town::{WebPhone, talking};
use crate::browser::turn;
use crate::stage::Stage;

/// Rows 1, 2, 7 and 27: it rings, it is answered, both hear each other; mute is seen and heard; a hang-up ends it.
#[test]
fn a_page_calls_a_page_and_both_hear_until_one_mutes_and_hangs_up() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = talking(&stage, "callAudio");
    alice.hears("bob");
    bob.hears("alice");

    alice.tab.press("mute");
    assert_eq!(bob.story(4).last().unwrap(), "onUserAudioAvailable alice false");
    bob.does_not_hear("alice");
    bob.tab.until("phone.model.people.get('alice').volume === 0");
    alice.tab.press("mute");
    assert_eq!(bob.story(5).last().unwrap(), "onUserAudioAvailable alice true");
    bob.hears("alice");
    // What people see of it: a ring around whoever speaks.
    bob.tab.until(&format!("Number({}.dataset.volume) > 20", WebPhone::tile("alice")));

    alice.hang_up();
    bob.is("ended");
    bob.tab.until("tsuwaTest.text().includes('Call ended · 0:')");
    for phone in [&alice, &bob] {
        phone.is("home");
        phone.tab.until("phone.calling.sending.microphone === false");
    }
    assert_eq!(
        bob.story(7),
        [
            "onInvited alice",
            "onUserEnter alice",
            "onUserAudioAvailable alice true",
            "onUserAudioAvailable alice false",
            "onUserAudioAvailable alice true",
            "onUserLeave alice 0",
            "onCallEnd",
        ]
    );
    assert_eq!(alice.story(2), ["onUserEnter bob", "onUserAudioAvailable bob true"]);
    assert!(!alice.tab.console().contains("Content Security"), "{}", alice.tab.console());
}
