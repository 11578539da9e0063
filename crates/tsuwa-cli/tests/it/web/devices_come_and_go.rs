use super::town::{WebPhone, talking};
use crate::browser::turn;
use crate::stage::Stage;
use serde_json::json;

/// Keeps every track that the page gets from now on, and lets the next one wait for `tsuwaDevices.give()`.
const WATCH: &str = "globalThis.tsuwaDevices = { tracks: [], waits: null };
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      if (tsuwaDevices.hold) await new Promise((give) => (tsuwaDevices.give = give));
      const stream = await open(wanted);
      tsuwaDevices.tracks.push(...stream.getTracks());
      return stream;
    }; 0";

#[test]
fn a_microphone_that_is_pulled_out_is_replaced_and_the_call_goes_on() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = (WebPhone::open(&stage, "alice"), WebPhone::open(&stage, "bob"));
    alice.tab.eval(WATCH);
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    bob.hears("alice");
    alice.tab.eval("tsuwaDevices.tracks[0].stop(); tsuwaDevices.tracks[0].dispatchEvent(new Event('ended')); 0");
    alice.tab.until("tsuwaDevices.tracks.length === 2 && tsuwaDevices.tracks[1].readyState === 'live'");
    bob.hears("alice");

    // The menu of devices changes them too.
    alice.tab.press("devices");
    alice.tab.until("tsuwaTest.text().includes('Fake Audio Input 1')");
    alice.tab.eval(
        "const list = tsuwaTest.find(document, 'setMicrophone'); list.selectedIndex = 1; \
         list.dispatchEvent(new Event('change', { bubbles: true })); 0",
    );
    alice.tab.until("tsuwaDevices.tracks.length === 3 && tsuwaDevices.tracks[1].readyState === 'ended'");
    assert_eq!(alice.tab.eval("tsuwaDevices.tracks[2].label"), "Fake Audio Input 1");
    bob.hears("alice");
}

#[test]
fn a_microphone_that_is_ready_after_the_hangup_is_let_go() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = (WebPhone::open(&stage, "alice"), WebPhone::open(&stage, "bob"));
    alice.tab.eval(WATCH);
    alice.tab.eval("tsuwaDevices.hold = true");
    alice.dials("bob", "callAudio");
    // Ringing does not wait for the question of permission.
    bob.rings_from("alice");
    alice.hang_up();
    bob.is("ended");
    alice.tab.eval("tsuwaDevices.hold = false; tsuwaDevices.give(); 0");
    alice.tab.until("tsuwaDevices.tracks[0]?.readyState === 'ended'");
    assert_eq!(alice.tab.eval("phone.calling.sending.microphone"), false);
}

#[test]
fn hands_free_says_so_where_the_browser_can_not_choose() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = talking(&stage, "callAudio");
    bob.hears("alice");
    let code = alice.tab.eval("phone.calling.setHandsFree(true).then(({ code }) => code)");
    assert_eq!(code, -1321, "no output of this browser is called a loudspeaker");
    alice.tab.until("tsuwaTest.events.some(([name, { code }]) => name === 'onError' && code === -1321)");
    // A telephone's browser names its outputs; then it goes by the name.
    let named = "navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'audiooutput', deviceId: 'default', \
         label: 'Speakerphone' }, { kind: 'audiooutput', deviceId: '', label: 'Headset earpiece' }]; 0";
    alice.tab.eval(named);
    for on in [true, false] {
        let code = alice.tab.eval(&format!("phone.calling.setHandsFree({on}).then(({{ code }}) => code)"));
        assert_eq!(code, 0);
    }
    alice.hears("bob");
}

/// The browser freezes a tab that nobody looks at. When it thaws, what came meanwhile is there.
#[test]
fn a_tab_that_slept_rings_when_it_wakes() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = (WebPhone::open(&stage, "alice"), WebPhone::open(&stage, "bob"));
    let state = |state: &str| bob.tab.command("Page.setWebLifecycleState", json!({ "state": state }));
    state("frozen");
    alice.dials("bob", "callAudio");
    alice.tab.until("phone.calling.currentCall?.stage === 'calling'");
    state("active");
    bob.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    bob.hears("alice");
}

/// A duplicated tab starts with the first one's storage, and with it its device id; it takes one of its own.
#[test]
fn a_duplicated_tab_is_a_device_of_its_own() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open(&stage, "alice");
    let id = "sessionStorage.getItem('tsuwa.device')";
    let first = alice.tab.eval(id);
    let twin = WebPhone { tab: alice.tab.sibling(), user: "alice".to_owned() };
    twin.tab.eval(&format!("sessionStorage.setItem('tsuwa.device', {first})"));
    twin.tab.reload();
    twin.listen();
    twin.tab.types("name", "alice");
    twin.tab.press("begin");
    twin.is("home");
    assert_ne!(twin.tab.eval(id), first);
    alice.is("home");

    let bob = WebPhone::open(&stage, "bob");
    bob.dials("alice", "callAudio");
    alice.rings_from("bob");
    twin.rings_from("bob");
    alice.tab.reload();
    alice.listen();
    assert_eq!(alice.tab.eval(id), first, "loaded anew it is the same device");
}
