use super::town::WebPhone;
use crate::browser::turn;
use crate::stage::Stage;

/// Nobody was there to note it but the server.
#[test]
fn a_call_that_was_missed_shows_at_the_sign_in() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open(&stage, "alice");
    alice.dials("bob", "callAudio");
    alice.is("call");
    alice.hang_up();
    let bob = WebPhone::open(&stage, "bob");
    bob.tab.until("phone.model.book.recent[0]?.outcome === 'missed' && tsuwaTest.text().includes('alice')");
    bob.tab.press("again");
    alice.rings_from("bob");
}
