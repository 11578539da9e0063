use crate::town::{Town, hangup};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{CallId, CallRecord};

#[test]
fn a_record_comes_again_until_the_store_has_it() {
    let (mut town, alice, _, call) = Town::talking();
    town.pass(5_000);
    let kinds = town.ask_all(alice, hangup(call));
    let first = records(&kinds);
    assert_eq!(first.len(), 1, "a call that is over has one record");
    assert_eq!(first[0].talked_ms, Some(5_000));

    town.restart();
    assert_eq!(records(&town.take(Input::Started)), first, "nobody said that it was kept");
    town.take(Input::RecordsKept { calls: vec![call] });
    town.restart();
    assert_eq!(records(&town.take(Input::Started)), [], "now it is");
    assert_eq!((town.exchange.open_records(), town.exchange.unkept_records()), (0, 0));
    town.take(Input::RecordsKept { calls: vec![call, CallId(1)] });
}

fn records(kinds: &[EffectKind]) -> Vec<CallRecord> {
    let record = |kind: &EffectKind| match kind {
        EffectKind::Record(record) => Some((**record).clone()),
        _ => None,
    };
    kinds.iter().filter_map(record).collect()
}
