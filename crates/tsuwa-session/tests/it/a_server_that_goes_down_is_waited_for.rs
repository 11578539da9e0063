use crate::client::{Client, welcome};
use tsuwa_session::ClientOutput;

const GOING_DOWN: i32 = -100_013;

/// It takes no new sessions while it ends, and another comes up in its place.
#[test]
fn a_server_that_goes_down_is_waited_for() {
    let mut client = Client::signed_in();
    client.pass(1_000);
    client.close();
    client.open();
    client.answer_sign_in("resume", Err(6014));
    client.answer_sign_in("login", Err(GOING_DOWN));
    assert_eq!(client.told(), [ClientOutput::Lost], "not over");
    client.pass(100);
    client.open();
    client.answer_sign_in("login", Ok(welcome("6")));
    assert!(matches!(client.told()[..], [ClientOutput::SignedIn { .. }]));
}

#[test]
fn at_the_first_sign_in_it_is_told() {
    let mut client = Client::new();
    client.open();
    client.answer_sign_in("login", Err(GOING_DOWN));
    assert!(matches!(&client.told()[..], [ClientOutput::Refused(refusal)] if refusal.code.number() == GOING_DOWN));
}
