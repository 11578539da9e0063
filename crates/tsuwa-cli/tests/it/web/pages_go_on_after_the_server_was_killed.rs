use super::town::{WebPhone, talking};
use crate::browser::turn;
use crate::stage::Stage;

/// Row 28 of the scenarios. The gap is made long enough to be told from a pause of the fake microphone.
#[test]
fn the_sound_is_back_and_who_was_muted_still_is() {
    let _turn = turn();
    let mut stage = Stage::open_to_be_killed();
    let (alice, bob) = talking(&stage, "callAudio");
    bob.hears("alice");
    alice.hears("bob");
    bob.tab.press("mute");
    assert_eq!(alice.story(3).last().unwrap(), "onUserAudioAvailable bob false");
    stage.is_killed();
    bob.does_not_hear("alice");
    stage.starts();
    bob.hears("alice");
    alice.tab.until("phone.model.online && phone.model.people.get('bob').quality < 6");
    bob.tab.press("mute");
    alice.hears("bob");
    bob.hang_up();
    alice.is("ended");
    assert_eq!(
        alice.story(6),
        [
            "onUserEnter bob",
            "onUserAudioAvailable bob true",
            "onUserAudioAvailable bob false",
            "onUserAudioAvailable bob true",
            "onUserLeave bob 0",
            "onCallEnd"
        ]
    );
    assert_eq!(bob.story(3), ["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true"]);
    assert_eq!(outcomes(&alice), ["outgoing answered bob"]);
    assert_eq!(outcomes(&bob), ["incoming answered alice"]);
}

#[test]
fn it_rings_on_and_can_be_answered() {
    let _turn = turn();
    let mut stage = Stage::open_to_be_killed();
    let (alice, bob) = (WebPhone::open(&stage, "alice"), WebPhone::open(&stage, "bob"));
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    stage.is_killed();
    stage.starts();
    bob.tab.press("accept");
    alice.talks();
    bob.hears("alice");
    alice.hears("bob");
    assert_eq!(bob.story(3), ["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true"]);
    assert_eq!(alice.story(2), ["onUserEnter bob", "onUserAudioAvailable bob true"]);
    alice.hang_up();
    bob.is("ended");
}

/// What `queryRecentCalls` gives: how each call went, and with whom.
fn outcomes(phone: &WebPhone) -> Vec<String> {
    phone.tab.until("(await phone.calling.queryRecentCalls()).calls.length > 0");
    let script = "(await phone.calling.queryRecentCalls()).calls\
         .map(({ direction, outcome, userIds }) => [direction, outcome, ...userIds].join(' '))";
    let told = phone.tab.eval(&format!("(async () => {script})()"));
    told.as_array().unwrap().iter().map(|each| each.as_str().unwrap().to_owned()).collect()
}
