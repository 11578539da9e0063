use crate::client::{Client, welcome};
use tsuwa_session::ClientOutput;

#[test]
fn a_network_change_connects_at_once() {
    let mut client = Client::signed_in();
    let first = client.link;
    client.session.network_changed(client.now);
    client.collect();
    assert_eq!(client.told(), [ClientOutput::Lost]);
    assert!(client.link.is_some() && client.link != first);
    client.session.closed(client.now, first.unwrap());
    client.collect();
    assert_eq!(client.told(), [], "what the old socket says does not count");
    client.open();
    client.answer_sign_in("resume", Ok(welcome("5")));
    assert!(matches!(client.told()[..], [ClientOutput::Back { .. }]));
}
