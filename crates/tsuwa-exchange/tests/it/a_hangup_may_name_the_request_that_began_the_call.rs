use crate::town::{Town, accept, call, code, reply};
use tsuwa_exchange::Input;
use tsuwa_proto::{Act, Code, HangupTarget, RequestId, SessionId};

fn hangup_of(town: &mut Town, session: SessionId, request: RequestId) -> tsuwa_proto::Outcome {
    town.ask(session, Act::Hangup { target: HangupTarget::Request(request), invitation_id: None })
}

#[test]
fn a_hangup_may_name_the_request_that_began_the_call() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    town.sign_in("bob", "phone");
    let id = town.number();
    town.take(Input::Request { session: alice, id, act: call("bob") });
    assert!(hangup_of(&mut town, alice, id).is_ok());
    assert_eq!(town.exchange.switchboard().live_calls(), []);
}

#[test]
fn one_that_began_no_call_is_over() {
    let (mut town, alice, bob, _) = Town::talking();
    let refused = town.number();
    let outcome = reply(&town.take(Input::Request { session: alice, id: refused, act: call("alice") }));
    assert!(outcome.is_err());
    for request in [refused, RequestId(4711)] {
        assert_eq!(code(hangup_of(&mut town, alice, request)), Code::InvitationOver);
        assert_eq!(code(hangup_of(&mut town, bob, request)), Code::InvitationOver);
    }
    assert_eq!(town.exchange.switchboard().live_calls().len(), 1, "and nothing has changed");
}

#[test]
fn an_earlier_call_is_over_and_the_present_one_goes_on() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let bob = town.sign_in("bob", "phone");
    let first = town.number();
    town.take(Input::Request { session: alice, id: first, act: call("bob") });
    hangup_of(&mut town, alice, first).unwrap();
    let present = town.call(alice, "bob");
    town.ask(bob, accept(present)).unwrap();
    assert_eq!(code(hangup_of(&mut town, alice, first)), Code::InvitationOver);
    assert_eq!(town.exchange.switchboard().live_calls().len(), 1);
}
