use super::town::WebPhone;
use crate::browser::{Devices, turn};
use crate::stage::Stage;

#[test]
fn a_refused_permission_is_said_and_the_call_goes_on() {
    let _turn = turn();
    let stage = Stage::open();
    let alice = WebPhone::open_at(&stage.url, "alice", Devices::Refused);
    let bob = WebPhone::open(&stage, "bob");
    alice.dials("bob", "callVideo");
    bob.rings_from("alice");
    bob.tab.press("accept");
    alice.talks();
    alice.tab.until("tsuwaTest.text().includes('The others can')");
    alice.hears("bob");
    alice.sees("bob");
    bob.tab.until("!phone.model.people.get('alice').audio && !phone.model.people.get('alice').video");
    bob.hang_up();
    alice.is("ended");
    let codes = "tsuwaTest.events.filter(([name]) => name === 'onError').map(([, { code }]) => code).sort().join()";
    assert_eq!(alice.tab.eval(codes), "-1301,-1302");
}
