use crate::client::Client;

#[test]
fn a_connection_that_never_opens_is_given_up() {
    let mut client = Client::signed_in();
    client.pass(5_000);
    client.close();
    let first = client.link;
    client.pass(11_000);
    assert!(client.link.is_some() && client.link != first, "another attempt is made after 10 s");
}
