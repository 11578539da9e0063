use crate::town::{Town, call, code, mute, reply};
use tsuwa_exchange::Input;
use tsuwa_proto::{CallId, Code};

#[test]
fn a_request_too_old_to_be_known_is_refused() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let old = town.number();
    let request = || Input::Request { session: alice, id: old, act: call("bob") };
    assert!(reply(&town.take(request())).is_ok());
    for _ in 0..64 {
        let _ = town.ask(alice, mute(CallId(1), true));
    }
    let again = reply(&town.take(request()));
    assert_eq!(code(again), Code::WrongState);
}
