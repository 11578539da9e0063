//! An upgrade keeps the calls: what a program of the version before kept when it was stopped, this one goes on with.

use crate::town::{APP, Town, accept, hangup, reply};
use tsuwa_call::MediaReport;
use tsuwa_exchange::{EffectKind, Exchange, Input, Log};
use tsuwa_proto::{CallId, CallOutcome, RequestId, SessionId};

/// As a program of version 1 wrote it. Alice and Bob talk (Bob is lost, and muted), Carol, who is away, is being invited
/// by Alice; Dave calls Erin.
const BEFORE: &str = include_str!("../snapshots/version-1.json");

#[test]
fn a_call_in_a_snapshot_of_the_version_before_goes_on() {
    let before = serde_json::from_str(BEFORE).expect("a snapshot of the version before is read");
    let exchange = Exchange::recover(APP, 9, Some(before), &[]).expect("and makes an exchange");
    let mut town = Town::new();
    town.now = exchange.moment();
    town.exchange = exchange;
    town.log.keep(&town.exchange.snapshot()).unwrap();
    town.take(Input::Started);
    let calls = town.exchange.switchboard().live_calls();
    let [first, second] = &calls[..] else { panic!("two calls, not {}", calls.len()) };
    assert_eq!((first.members.len(), first.ringing.len()), (2, 1));
    assert_eq!((second.members.len(), second.ringing.len()), (1, 1));
    assert_eq!(town.exchange.open_records(), 2, "there will be a record of each");

    let session = |town: &Town, name: &str, device: &str| -> SessionId {
        town.exchange.session_of(&crate::town::at(name, device)).expect("sessions go on")
    };
    let (alice, bob) = (session(&town, "alice", "laptop"), session(&town, "bob", "phone"));
    let (erin, dave) = (session(&town, "erin", "tablet"), session(&town, "dave", "phone"));
    for back in [alice, bob, erin, dave] {
        town.resume(back, 0);
    }
    let at = crate::town::at("erin", "tablet");
    town.take(Input::Media(MediaReport::Up { call: second.call_id, at }));
    let ask = |town: &mut Town, session, act| town.take(Input::Request { session, id: RequestId(1_000), act });
    assert!(reply(&ask(&mut town, erin, accept(second.call_id))).is_ok(), "what rang can be answered");
    town.pass(2_000);
    let kinds = ask(&mut town, bob, hangup(first.call_id));
    assert_eq!(records(&kinds), [], "the call goes on while Carol is being invited");
    let mut kinds = town.pass(60_000);
    kinds.extend(ask(&mut town, dave, hangup(second.call_id)));
    let records = records(&kinds);
    let of = |call: CallId| records.iter().find(|(id, _)| *id == call).map(|(_, outcome)| *outcome);
    assert_eq!(of(first.call_id), Some(CallOutcome::Answered));
    assert_eq!(of(second.call_id), Some(CallOutcome::Answered));
}

fn records(kinds: &[EffectKind]) -> Vec<(CallId, CallOutcome)> {
    let record = |kind: &EffectKind| match kind {
        EffectKind::Record(record) => Some((record.call_id, record.outcome)),
        _ => None,
    };
    kinds.iter().filter_map(record).collect()
}
