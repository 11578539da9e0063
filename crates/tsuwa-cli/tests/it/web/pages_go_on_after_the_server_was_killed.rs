use super::town::{WebPhone, talking};
use crate::browser::turn;
use crate::stage::{DEADLINE, Stage};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// With `--nocapture` it says how soon a page had its new transport.
#[test]
fn however_often_it_is_killed() {
    let _turn = turn();
    let mut stage = Stage::open_to_be_killed();
    let (alice, bob) = talking(&stage, "callAudio");
    for down_ms in [0, 700, 1_500] {
        bob.hears("alice");
        let stream = "phone.calling.remoteStream('alice')";
        bob.tab.eval(&format!("globalThis.before = {stream}; 0"));
        stage.is_killed();
        std::thread::sleep(Duration::from_millis(down_ms));
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        bob.tab.eval(&format!(
            "globalThis.back = tsuwaTest.until(() => {stream} !== before && performance.timeOrigin + performance.now(), \
             {}); 0",
            DEADLINE.as_millis()
        ));
        stage.starts();
        let back_ms = bob.tab.eval("back").as_f64().unwrap() - began.as_secs_f64() * 1_000.0;
        eprintln!("{down_ms} ms without a server, a new transport {back_ms:.0} ms after its start");
    }
    bob.hears("alice");
    alice.hears("bob");
    assert_eq!(bob.story(3), ["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true"]);
    alice.hang_up();
    bob.is("ended");
    assert_eq!(outcomes(&alice), ["outgoing answered bob"]);
}

/// What `queryRecentCalls` gives: how each call went, and with whom.
fn outcomes(phone: &WebPhone) -> Vec<String> {
    phone.tab.until("(await phone.calling.queryRecentCalls()).calls.length > 0");
    let script = "(await phone.calling.queryRecentCalls()).calls\
         .map(({ direction, outcome, userIds }) => [direction, outcome, ...userIds].join(' '))";
    let told = phone.tab.eval(&format!("(async () => {script})()"));
    told.as_array().unwrap().iter().map(|each| each.as_str().unwrap().to_owned()).collect()
}
