use crate::client::Client;

#[test]
fn in_a_call_no_pause_is_longer_than_half_a_second() {
    let mut client = Client::signed_in();
    client.session.set_in_call(client.now, true);
    client.pass(1_000);
    for _ in 0..20 {
        client.close();
        client.pass(500);
        assert!(client.link.is_some(), "it tries again within 500 ms");
    }
}
