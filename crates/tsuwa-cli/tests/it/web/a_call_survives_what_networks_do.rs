use super::proxy::{Datagrams, Wire};
use super::town::{WebPhone, talking};
use crate::browser::{Devices, turn};
use crate::stage::Stage;

/// The socket is cut in a call: it comes back by itself, nothing of the call is lost, and what was missed comes once.
#[test]
fn a_socket_that_is_cut_comes_back_and_the_call_goes_on() {
    let _turn = turn();
    let stage = Stage::open();
    let wire = Wire::to(&stage.url);
    let alice = WebPhone::open_at(&wire.url, "alice", Devices::Granted);
    let bob = WebPhone::open(&stage, "bob");
    alice.dials("bob", "callAudio");
    bob.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    bob.hears("alice");
    alice.tab.eval("globalThis.cuts = 0; phone.calling.on('onConnectionLost', () => cuts++)");
    for cut in 1..=2 {
        wire.cut();
        alice.tab.until(&format!("cuts === {cut} && phone.model.online"));
    }
    // What happens while it is away comes once it is back.
    wire.hold(true);
    wire.cut();
    alice.tab.until("tsuwaTest.text().includes('Reconnecting')");
    bob.tab.press("mute");
    wire.hold(false);
    assert_eq!(alice.story(3), ["onUserEnter bob", "onUserAudioAvailable bob true", "onUserAudioAvailable bob false"]);
    bob.hears("alice");
    alice.hang_up();
    bob.is("ended");
    assert_eq!(alice.story(3).len(), 3);
    assert_eq!(bob.story(5).last().unwrap(), "onCallEnd");
}

/// The way of the media is blocked and opened again: the others are told, a fresh transport is made, sound is back.
#[test]
fn media_that_is_blocked_is_told_and_comes_back() {
    let _turn = turn();
    let path = Datagrams::new();
    let advertise = path.address.to_string();
    let stage =
        Stage::open_with(&["--media-advertise", &advertise, "--media-port", &path.server_port, "--workers", "1"]);
    let (alice, bob) = talking(&stage, "callAudio");
    bob.hears("alice");
    alice.hears("bob");
    path.block(true);
    for phone in [&alice, &bob] {
        let other = if phone.user == "alice" { "bob" } else { "alice" };
        phone.tab.until(&format!("phone.model.people.get('{other}').quality === 6"));
        phone.tab.until("tsuwaTest.text().includes('Connection lost')");
    }
    path.block(false);
    bob.hears("alice");
    alice.hears("bob");
    alice.tab.until("phone.model.people.get('bob').quality < 6");
    alice.hang_up();
    bob.is("ended");
    let story = bob.story(5);
    assert_eq!(
        story,
        ["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true", "onUserLeave alice 0", "onCallEnd"]
    );
}

/// A tab that is loaded anew in a call is in it again; one that is closed has left when the grace is over.
#[test]
fn a_page_loaded_anew_is_in_its_call_again_and_a_closed_one_leaves() {
    let _turn = turn();
    let stage = Stage::open();
    super::admin::admin(&stage, "PUT", "policy", r#"{"grace_ms":4000}"#);
    let (alice, bob) = talking(&stage, "callAudio");
    bob.hears("alice");
    alice.tab.reload();
    alice.listen();
    alice.talks();
    alice.hears("bob");
    bob.hears("alice");
    drop(alice);
    bob.tab.until("phone.model.people.get('alice')?.quality === 6");
    let story = bob.story(5);
    assert_eq!(story[story.len() - 2..], ["onUserLeave alice 1", "onCallEnd"]);
    assert!(!story[..story.len() - 2].iter().any(|each| each.starts_with("onUserLeave")), "{story:?}");
}

/// The browser says that there is a network again, perhaps another: socket and transport are made anew, and nothing is
/// told.
#[test]
fn another_network_gets_another_socket_and_another_transport() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = talking(&stage, "callAudio");
    alice.hears("bob");
    alice.tab.eval("globalThis.back = 0; phone.calling.on('onConnectionRecovered', () => back++)");
    alice.tab.eval("globalThis.before = phone.calling.remoteStream('bob'); dispatchEvent(new Event('online'))");
    alice.tab.until("back === 1 && phone.calling.remoteStream('bob') !== before");
    alice.hears("bob");
    bob.hears("alice");
    assert_eq!(alice.story(2), ["onUserEnter bob", "onUserAudioAvailable bob true"]);
    assert_eq!(bob.story(3), ["onInvited alice", "onUserEnter alice", "onUserAudioAvailable alice true"]);
}
