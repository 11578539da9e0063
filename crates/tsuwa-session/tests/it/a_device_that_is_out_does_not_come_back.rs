use crate::client::{Client, welcome};
use tsuwa_proto::{Code, Event};
use tsuwa_session::ClientOutput;

fn refused(told: &[ClientOutput]) -> bool {
    matches!(told.last(), Some(ClientOutput::Refused(refusal)) if refusal.code == Code::SignedInElsewhere)
}

#[test]
fn told_while_connected() {
    let mut client = Client::signed_in();
    client.event(1, &Event::OnKickedOffline {});
    client.close();
    assert!(refused(&client.told()));
    client.pass(60_000);
    assert_eq!(client.link, None);
}

#[test]
fn told_when_it_comes_back() {
    let mut client = Client::signed_in();
    client.close();
    client.open();
    client.answer_sign_in("resume", Err(6208));
    assert!(refused(&client.told()));
    client.pass(60_000);
    assert_eq!(client.link, None, "neither a connection nor a login follows");
}

#[test]
fn another_refusal_lets_it_sign_in() {
    let mut client = Client::signed_in();
    client.close();
    client.open();
    client.answer_sign_in("resume", Err(70009));
    client.answer_sign_in("login", Ok(welcome("6")));
    assert!(client.session.is_up());
}
