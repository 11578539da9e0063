//! The rows of the scenarios that people play in a browser: what they press, and exactly what each page is told.

use super::admin::admin;
use super::town::WebPhone;
use crate::browser::{Devices, turn};
use crate::stage::Stage;
use serde_json::Value;

const ALICE: usize = 0;
const BOB: usize = 1;
const CAROL: usize = 2;

/// Three telephones on a server.
struct Town {
    stage: Stage,
    phones: Vec<WebPhone>,
}

impl Town {
    fn open() -> Self {
        let stage = Stage::open();
        let phones = ["alice", "bob", "carol"].map(|user| WebPhone::open(&stage, user));
        Self { stage, phones: phones.into() }
    }

    fn press(&self, who: usize, act: &str) {
        self.phones[who].tab.press(act);
    }

    fn calls(&self, who: usize, whom: &str) {
        self.phones[who].dials(whom, "callAudio");
    }

    fn talk(&self, callee: usize) {
        self.phones[callee].is("incoming");
        self.press(callee, "accept");
        self.phones[callee].talks();
        self.phones[ALICE].talks();
        // Everybody's sound has begun: what is told of it is not in the way of what follows.
        for (who, other) in [(ALICE, callee), (callee, ALICE)] {
            let other = &self.phones[other].user;
            self.phones[who].tab.until(&format!("phone.model.people.get('{other}')?.audio"));
        }
    }

    /// How the row ends: what each page is told, in order, and nothing else; and the words that people read.
    fn row(&self, row: &str, told: [&[&str]; 3], read: [&str; 3]) {
        for (phone, (told, read)) in self.phones.iter().zip(told.iter().zip(read)) {
            assert_eq!(phone.story(told.len()), *told, "row {row}, {}", phone.user);
            if !read.is_empty() {
                phone.tab.until(&format!("tsuwaTest.text().includes({read:?}) || {read:?} === phone.model.notice"));
            }
        }
        for (phone, told) in self.phones.iter().zip(told) {
            phone.tab.until("!['call', 'incoming'].includes(phone.model.screen)");
            phone.tab.eval("phone.model.dismiss()");
            phone.is("home");
            // An answer from the server comes behind whatever it had to tell.
            phone.tab.eval("phone.calling.hangup()");
            assert_eq!(phone.story(told.len()), *told, "row {row}, {}, in the end", phone.user);
            phone.tab.until("!phone.calling.sending.microphone && phone.calling.currentCall === null");
            phone.tab.eval("tsuwaTest.events.length = 0");
        }
    }

    fn sdk(&self, who: usize, call: &str) -> Value {
        self.phones[who].tab.eval(&format!("phone.calling.{call}.then(({{ code }}) => code)"))
    }
}

const NOTHING: &[&str] = &[];

#[test]
fn two_people_ring_decline_cancel_and_miss_each_other() {
    let _turn = turn();
    let town = Town::open();
    let (invited, gone) = ("onInvited alice", ["onUserLeave alice 0", "onCallEnd"]);

    town.calls(ALICE, "bob");
    town.phones[BOB].rings_from("alice");
    let open = town.phones[BOB].tab.eval("phone.calling.sending.microphone");
    assert_eq!(open, false, "no microphone is opened before it is answered");
    town.press(BOB, "reject");
    town.row("3", [&["onReject bob", "onCallEnd"], &[invited], NOTHING], ["bob declined", "", ""]);

    town.calls(ALICE, "bob");
    town.phones[BOB].rings_from("alice");
    assert_eq!(town.sdk(BOB, "hangup()"), 0);
    town.phones[BOB].tab.eval("phone.model.screen = 'home'");
    town.row("32", [&["onReject bob", "onCallEnd"], &[invited], NOTHING], ["bob declined", "", ""]);

    town.calls(ALICE, "bob");
    town.phones[BOB].rings_from("alice");
    town.calls(CAROL, "bob");
    town.phones[CAROL].story(2);
    town.press(ALICE, "hangUp");
    town.row(
        "6 and 13",
        [NOTHING, &[invited, "onCallingCancel"], &["onLineBusy bob", "onCallEnd"]],
        ["", "Missed call from alice", "bob is busy"],
    );

    town.calls(ALICE, "bob");
    town.talk(BOB);
    town.calls(CAROL, "bob");
    town.phones[CAROL].story(2);
    town.press(BOB, "hangUp");
    town.row(
        "8 and 4",
        [
            &["onUserEnter bob", "onUserAudioAvailable bob true", "onUserLeave bob 0", "onCallEnd"],
            &[invited, "onUserEnter alice", "onUserAudioAvailable alice true"],
            &["onLineBusy bob", "onCallEnd"],
        ],
        ["Call ended · 0:0", "", "bob is busy"],
    );

    town.calls(ALICE, "bob");
    town.phones[BOB].rings_from("alice");
    assert_eq!(town.sdk(BOB, "call('carol', 1)"), -1203, "row 12a");
    let open = town.phones[BOB].tab.eval("phone.calling.sending.microphone");
    assert_eq!(open, false, "row 12a: nor does it open the microphone");
    assert_eq!(town.sdk(BOB, "call('alice', 1)"), 0);
    town.phones[ALICE].talks();
    town.phones[BOB].talks();
    town.phones[ALICE].tab.until("phone.model.people.get('bob').audio");
    town.phones[BOB].tab.until("phone.model.people.get('alice').audio");
    town.press(ALICE, "hangUp");
    let entered = ["onUserEnter alice", "onUserAudioAvailable alice true"];
    town.row(
        "12",
        [
            &["onUserEnter bob", "onUserAudioAvailable bob true"],
            &[invited, entered[0], entered[1], gone[0], gone[1]],
            NOTHING,
        ],
        ["", "", ""],
    );

    admin(&town.stage, "PUT", "policy", r#"{"ring_timeout_s":1}"#);
    town.calls(ALICE, "bob");
    town.row(
        "5",
        [&["onNoResp bob", "onCallEnd"], &[invited, "onCallingTimeOut"], NOTHING],
        ["No answer from bob", "Missed call from alice", ""],
    );
    town.calls(ALICE, "nobody");
    town.row("11", [&["onNoResp nobody", "onCallEnd"], NOTHING, NOTHING], ["No answer from nobody", "", ""]);

    assert_eq!(town.sdk(ALICE, "call('alice', 1)"), -1202);
    assert_eq!(town.sdk(ALICE, "call('not a name', 1)"), 7003);
    assert_eq!(town.sdk(ALICE, "call('bob', 3)"), -1202);
    assert_eq!(town.sdk(ALICE, "accept()"), -1203);
    assert_eq!(town.sdk(ALICE, "hangup()"), 0, "when idle it is silent");
    town.row("refusals", [NOTHING, NOTHING, NOTHING], ["", "", ""]);
}

#[test]
fn a_third_is_invited_and_people_come_and_go() {
    let _turn = turn();
    let town = Town::open();
    town.calls(ALICE, "bob");
    town.talk(BOB);
    town.press(ALICE, "invite");
    town.phones[ALICE].tab.types("inviteName", "carol");
    town.press(ALICE, "inviteGo");
    town.phones[CAROL].rings_from("alice");
    town.press(CAROL, "accept");
    for (who, others) in [(ALICE, ["bob", "carol"]), (BOB, ["alice", "carol"]), (CAROL, ["alice", "bob"])] {
        for other in others {
            town.phones[who].hears(other);
        }
    }
    town.press(BOB, "hangUp");
    town.phones[ALICE].tab.until("tsuwaTest.text().includes('bob left')");
    town.phones[ALICE].hears("carol");
    town.press(ALICE, "hangUp");
    let heard = |who: &str| [format!("onUserEnter {who}"), format!("onUserAudioAvailable {who} true")];
    let (bob, carol) = (heard("bob"), heard("carol"));
    let carols: Vec<String> = town.phones[CAROL].story(8);
    // Whose sound of the two comes first is the network's.
    assert_eq!(carols[..3], ["onInvited alice", "onUserEnter alice", "onUserEnter bob"], "rows 14 and 15");
    assert_eq!(carols[5..], ["onUserLeave bob 0", "onUserLeave alice 0", "onCallEnd"], "rows 18 and 19");
    town.phones[CAROL].tab.eval("tsuwaTest.events.splice(0)");
    town.row(
        "15, 18 and 19",
        [
            &[&bob[0], &bob[1], &carol[0], &carol[1], "onUserLeave bob 0"],
            &["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true", &carol[0], &carol[1]],
            NOTHING,
        ],
        ["", "", ""],
    );

    town.calls(ALICE, "bob carol");
    town.phones[BOB].rings_from("alice");
    town.phones[CAROL].rings_from("alice");
    town.phones[BOB].tab.until("tsuwaTest.text().includes('Group call with carol')");
    town.press(BOB, "reject");
    town.phones[ALICE].tab.until("tsuwaTest.text().includes('bob declined')");
    town.press(CAROL, "reject");
    town.row(
        "23 and 24",
        [&["onReject bob", "onReject carol", "onCallEnd"], &["onInvited alice"], &["onInvited alice"]],
        ["carol declined", "", ""],
    );

    town.calls(ALICE, "bob");
    town.talk(BOB);
    assert_eq!(town.sdk(BOB, "call('carol', 1)"), 0, "row 17");
    town.phones[CAROL].rings_from("bob");
    town.press(BOB, "hangUp");
    town.row(
        "17 and 31",
        [
            &[&bob[0], &bob[1], "onUserLeave bob 0", "onCallEnd"],
            &["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true"],
            &["onInvited bob", "onCallingCancel"],
        ],
        ["Call ended", "", "Missed call from bob"],
    );

    town.calls(ALICE, "bob");
    town.talk(BOB);
    let calls: Value = serde_json::from_str(&admin(&town.stage, "GET", "calls", "")).unwrap();
    admin(&town.stage, "DELETE", &format!("calls/{}", calls["calls"][0]["callId"].as_str().unwrap()), "");
    let end = "onCallEnd ended_by_server";
    town.row(
        "29",
        [
            &[&bob[0], &bob[1], end],
            &["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true", end],
            NOTHING,
        ],
        ["Ended by the administrator", "Ended by the administrator", ""],
    );
}

#[test]
fn a_user_of_two_tabs_is_rung_in_both_and_one_answers() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open(&stage, "alice");
    alice.dials("bob", "callAudio");
    // Row 10: bob comes while it rings.
    let bob = WebPhone::open_at(&stage.url, "bob", Devices::Granted);
    bob.rings_from("alice");
    let elsewhere = WebPhone::open(&stage, "bob");
    elsewhere.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    elsewhere.tab.until("tsuwaTest.text().includes('Answered on another device')");
    assert_eq!(elsewhere.story(2), ["onInvited alice", "onCallingCancel answered_elsewhere"], "row 21");
    elsewhere.is("home");
    alice.tab.press("hangUp");
    bob.is("ended");
    bob.is("home");

    alice.is("home");
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    elsewhere.rings_from("alice");
    elsewhere.tab.press("reject");
    bob.tab.until("tsuwaTest.text().includes('Declined on another device')");
    alice.tab.until("tsuwaTest.text().includes('bob declined')");

    // Row 25: from now on one device at a time.
    admin(&stage, "PUT", "policy", r#"{"devices":"one"}"#);
    let third = WebPhone::open(&stage, "bob");
    bob.is("signIn");
    bob.tab.until("tsuwaTest.text().includes('You signed in on another device.')");
    alice.is("home");
    alice.dials("bob", "callAudio");
    third.rings_from("alice");
    // Row 26: who signs out while it rings does not answer.
    third.tab.eval("phone.model.signOut()");
    third.is("signIn");
    assert_eq!(alice.tab.eval("phone.calling.currentCall.stage"), "calling");
    alice.tab.press("hangUp");
}
