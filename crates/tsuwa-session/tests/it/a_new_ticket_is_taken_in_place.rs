use crate::client::{Client, welcome};
use tsuwa_session::ClientOutput;

#[test]
fn a_new_ticket_is_taken_in_place() {
    let mut client = Client::signed_in();
    let id = client.session.renew(client.now, "ticket-two".into());
    client.collect();
    assert_eq!(client.answer_sign_in("login", Ok(welcome("5")))["userSig"], "ticket-two");
    assert_eq!(client.told(), [ClientOutput::Reply { id, outcome: Ok(welcome("5")) }]);
    client.close();
    client.open();
    client.answer_sign_in("resume", Err(6014));
    assert_eq!(client.answer_sign_in("login", Ok(welcome("6")))["userSig"], "ticket-two");
}

#[test]
fn a_ticket_that_waits_is_used_when_the_session_is_gone() {
    let mut client = Client::signed_in();
    client.close();
    let id = client.session.renew(client.now, "ticket-two".into());
    client.open();
    client.answer_sign_in("resume", Err(6014));
    assert_eq!(client.answer_sign_in("login", Ok(welcome("6")))["userSig"], "ticket-two");
    client.answer_sign_in("login", Ok(welcome("6")));
    let answered =
        |output: &ClientOutput| matches!(output, ClientOutput::Reply { id: of, outcome: Ok(_) } if *of == id);
    assert_eq!(client.told().iter().filter(|output| answered(output)).count(), 1);
}
