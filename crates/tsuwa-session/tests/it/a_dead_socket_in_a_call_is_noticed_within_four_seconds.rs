use crate::client::Client;
use tsuwa_session::ClientOutput;

#[test]
fn a_dead_socket_in_a_call_is_noticed_within_four_seconds() {
    let mut client = Client::signed_in();
    client.session.set_in_call(client.now, true);
    client.collect();
    let first = client.link;
    client.pass(3_900);
    assert_eq!(client.told(), [], "a ping is given its time");
    client.pass(100);
    assert_eq!(client.told(), [ClientOutput::Lost]);
    assert!(client.link.is_some() && client.link != first, "another connection is made at once");
}
