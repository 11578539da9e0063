use crate::town::{APP, Town};
use tsuwa_exchange::{Entry, Exchange, Input, RecoverError, Snapshot};
use tsuwa_proto::Millis;

#[test]
fn in_an_entry_and_in_a_snapshot() {
    let entry = Entry { position: u64::MAX, at: Millis(1_000), input: Input::Started };
    assert_eq!(Exchange::recover(APP, 2, None, &[entry]), Err(RecoverError::Position(u64::MAX)));

    let mut town = Town::new();
    town.sign_in("alice", "phone");
    let written = serde_json::to_string(&town.exchange.snapshot()).unwrap();
    let position = format!("\"position\":{}", town.exchange.position());
    let damaged: Snapshot =
        serde_json::from_str(&written.replace(&position, "\"position\":18446744073709551615")).unwrap();
    assert_eq!(Exchange::recover(APP, 2, Some(damaged), &[]), Err(RecoverError::Position(u64::MAX)));
}
