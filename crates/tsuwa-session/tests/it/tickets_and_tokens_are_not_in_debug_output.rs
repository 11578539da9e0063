use crate::client::{Client, welcome};

#[test]
fn tickets_and_tokens_are_not_in_debug_output() {
    let mut client = Client::new();
    client.open();
    client.answer_sign_in("login", Ok(welcome("5")));
    let _ = client.session.renew(client.now, "ticket-two".into());
    let mut shown = format!("{:?}", client.session);
    while let Some(output) = client.session.poll_output() {
        shown += &format!("{output:?}");
    }
    shown += &format!("{:?}", client.told());
    assert!(shown.contains("SendText"), "{shown}");
    assert!(!shown.contains("ticket-") && !shown.contains("token-of"), "{shown}");
}
