use super::town::WebPhone;
use crate::browser::{Browser, Devices, turn};
use crate::stage::Stage;

/// A page that nobody has touched may not sound. It says so, and the first touch is enough.
#[test]
fn sound_that_the_browser_holds_back_begins_with_a_touch() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open(&stage, "alice");
    // A page that uses the microphone may sound; this one may not use it.
    let tab = Browser::shared().tab(&format!("{}/", stage.url), Devices::Refused);
    let bob = WebPhone { tab, user: "bob".to_owned() };
    bob.listen();
    bob.tab.eval("phone.signIn({ userId: 'bob' })");
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    bob.tab.eval("phone.model.accept(true)");
    bob.talks();
    bob.tab.until("tsuwaTest.text().includes('Tap anywhere to hear the others.')");
    let plays = "tsuwaTest.events.filter(([name]) => name === 'onAutoplayBlocked').map(([, p]) => p.blocked).join()";
    assert_eq!(bob.tab.eval(plays), "true");
    bob.tab.press("devices");
    bob.tab.until(&format!("{plays} === 'true,false'"));
    bob.hears("alice");
}

/// A page that is loaded anew in a call hears before its microphone is open; with that it may sound.
#[test]
fn or_with_the_microphone() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open(&stage, "alice");
    let tab = Browser::shared().tab(&format!("{}/", stage.url), Devices::Granted);
    let bob = WebPhone { tab, user: "bob".to_owned() };
    bob.listen();
    bob.tab.eval(
        "const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); \
         navigator.mediaDevices.getUserMedia = async (wanted) => { \
         await new Promise((give) => (globalThis.give = give)); return open(wanted); }; 0",
    );
    bob.tab.eval("phone.signIn({ userId: 'bob' })");
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    bob.tab.eval("void phone.model.accept(true)");
    bob.tab.until("tsuwaTest.text().includes('Tap anywhere to hear the others.') && globalThis.give");
    bob.tab.eval("give(); 0");
    bob.tab.until("!tsuwaTest.text().includes('Tap anywhere')");
    bob.hears("alice");
}
