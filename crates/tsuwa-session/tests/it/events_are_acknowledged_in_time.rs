use crate::client::{Client, event};
use serde_json::Value;

fn acks(client: &mut Client) -> Vec<u64> {
    let mut acks = Vec::new();
    while client.has_sent() {
        let frame = client.next_sent();
        if frame["method"] == "ack" {
            assert_eq!(frame["id"], Value::Null, "it wants no answer");
            acks.push(frame["params"]["seq"].as_u64().unwrap());
        }
    }
    acks
}

#[test]
fn events_are_acknowledged_in_time() {
    let mut client = Client::signed_in();
    client.event(1, &event(1));
    client.event(2, &event(2));
    client.pass(999);
    assert_eq!(acks(&mut client), [0_u64; 0]);
    client.pass(1);
    assert_eq!(acks(&mut client), [2], "a second after the first");
    for seq in 3..=18 {
        client.event(seq, &event(seq));
    }
    assert_eq!(acks(&mut client), [18], "or at the sixteenth");
    client.event(18, &event(18));
    client.told();
    client.pass(1_000);
    assert_eq!(acks(&mut client), [0_u64; 0], "one that was seen before is nothing new");
}
