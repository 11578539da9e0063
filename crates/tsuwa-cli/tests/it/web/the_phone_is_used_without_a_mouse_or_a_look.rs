use super::town::WebPhone;
use crate::browser::{Browser, Devices, turn};
use crate::stage::Stage;

/// Signing in, calling, answering, muting and hanging up with keys alone; what a screen reader is told.
#[test]
fn a_call_is_made_and_taken_by_keyboard() {
    let _turn = turn();
    let stage = Stage::open();
    let sign_in = |user: &str| {
        let tab = Browser::shared().tab(&format!("{}/", stage.url), Devices::Granted);
        let phone = WebPhone { tab, user: user.to_owned() };
        phone.listen();
        phone.tab.eval("tsuwaTest.find(document, 'name').focus()");
        phone.tab.text(user);
        phone.tab.key("Enter");
        phone.is("home");
        phone
    };
    let (alice, bob) = (sign_in("alice"), sign_in("bob"));
    alice.tab.text("bob");
    alice.tab.key("Enter");
    bob.is("incoming");
    bob.tab.until("tsuwaTest.spoken().includes('alice is calling')");
    let dialog = bob.tab.reads("alertdialog");
    assert_eq!(dialog, "alice", "the dialog is named by who is calling");
    bob.tab.key("Enter");
    bob.talks();
    alice.talks();
    bob.hears("alice");
    alice.tab.key("m");
    bob.tab.until("!phone.model.people.get('alice').audio");
    alice.tab.until("tsuwaTest.find(document, 'mute').getAttribute('aria-pressed') === 'true'");
    bob.tab.until(&format!("{}.ariaLabel === 'alice, muted'", WebPhone::tile("alice")));
    // The focus is on hanging up.
    alice.tab.key("Enter");
    bob.is("ended");
    bob.tab.until("tsuwaTest.spoken().includes('Call ended')");
}

/// While nobody looks at the tab, a notification says who is calling, and its title does.
#[test]
fn a_hidden_tab_notifies() {
    let _turn = turn();
    let stage = Stage::open();
    let (alice, bob) = (WebPhone::open(&stage, "alice"), WebPhone::open(&stage, "bob"));
    bob.tab.eval(
        "Object.defineProperty(document, 'hidden', { get: () => true }); globalThis.notes = []; \
         globalThis.Notification = class { static permission = 'granted'; \
         constructor(title) { this.title = title; notes.push(this); } close() { this.closed = true; } }; 0",
    );
    alice.dials("bob", "callVideo");
    bob.rings_from("alice");
    assert_eq!(bob.tab.eval("notes[0].title"), "alice is calling");
    assert_eq!(bob.tab.eval("document.title"), "📞 alice is calling");
    alice.hang_up();
    bob.tab.until("notes[0].closed && document.title === 'Tsuwa 通話'");
    bob.tab.until("tsuwaTest.text().includes('Missed call from alice')");
    bob.is("home");
    bob.tab.until("tsuwaTest.find(document, 'again').title === 'Video call alice'");
}
