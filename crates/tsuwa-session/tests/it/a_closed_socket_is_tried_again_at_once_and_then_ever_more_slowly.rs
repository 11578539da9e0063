use crate::client::Client;

#[test]
fn a_closed_socket_is_tried_again_at_once_and_then_ever_more_slowly() {
    let mut client = Client::signed_in();
    client.pass(5_000);
    client.close();
    assert_eq!(client.asked_at, client.now, "at once");
    for span in [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000] {
        let failed_at = client.now;
        client.close();
        client.pass(span);
        let pause = client.asked_at.since(failed_at);
        assert!((span / 2..=span).contains(&pause), "a pause of {pause} ms where {span} is the most");
    }
}
