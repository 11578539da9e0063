use crate::client::Client;
use tsuwa_proto::Code;
use tsuwa_session::ClientOutput;

fn refused_with(client: &mut Client) -> Option<Code> {
    client.told().into_iter().find_map(|output| match output {
        ClientOutput::Refused(refusal) => Some(refusal.code),
        _ => None,
    })
}

#[test]
fn at_the_first_sign_in() {
    let mut client = Client::new();
    client.open();
    client.answer_sign_in("login", Err(70001));
    assert_eq!(refused_with(&mut client), Some(Code::SigExpired));
    assert_eq!(client.link, None, "the socket is closed");
    client.pass(60_000);
    assert_eq!(client.link, None);
}

#[test]
fn at_a_later_one() {
    let mut client = Client::signed_in();
    client.close();
    client.open();
    client.answer_sign_in("resume", Err(6014));
    client.answer_sign_in("login", Err(70001));
    assert_eq!(refused_with(&mut client), Some(Code::SigExpired));
}

#[test]
fn but_a_server_that_is_too_busy_is_tried_again() {
    let mut client = Client::signed_in();
    client.close();
    client.open();
    client.answer_sign_in("resume", Err(6014));
    client.answer_sign_in("login", Err(7008));
    assert_eq!(refused_with(&mut client), None);
    client.pass(1_000);
    assert!(client.link.is_some());
}
