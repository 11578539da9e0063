//! Who called whom and how it went, for everybody whom it concerned.

use crate::town::{Town, accept, at, hangup, reject};
use tsuwa_call::{AdminAct, MediaReport, Policy};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{Act, CallId, CallOutcome, CallRecord, Direction, LeftHow, MediaMode, SeenOutcome, SessionId};

fn ended(kinds: &[EffectKind]) -> CallRecord {
    let record = |kind: &EffectKind| match kind {
        EffectKind::Record(record) => Some((**record).clone()),
        _ => None,
    };
    let records: Vec<_> = kinds.iter().filter_map(record).collect();
    assert_eq!(records.len(), 1);
    records.into_iter().next().unwrap()
}

fn seen(record: &CallRecord, user: &str) -> SeenOutcome {
    record.seen_by(&user.parse().unwrap(), None).expect("the call concerned the user").outcome
}

/// Alice, who called Bob from the laptop; Bob rings on phone and tablet.
fn ringing() -> (Town, tsuwa_proto::SessionId, tsuwa_proto::SessionId, CallId) {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let bob = town.sign_in("bob", "phone");
    town.sign_in("bob", "tablet");
    let call = town.call(alice, "bob");
    town.pass(4_000);
    (town, alice, bob, call)
}

#[test]
fn answered_on_one_device_is_answered_elsewhere_for_the_other() {
    let (mut town, alice, bob, call) = ringing();
    town.ask(bob, accept(call)).unwrap();
    town.pass(60_000);
    let record = ended(&town.ask_all(alice, hangup(call)));
    assert_eq!((record.outcome, record.talked_ms), (CallOutcome::Answered, Some(60_000)));
    assert_eq!(record.stays.len(), 2);
    let how = |name: &str| record.stays.iter().find(|stay| stay.user_id.as_str() == name).unwrap().left;
    assert_eq!((how("alice"), how("bob")), (LeftHow::HungUp, LeftHow::LastOne));
    let on = |device: &str| record.seen_by(&at("bob", device).user, Some(&at("bob", device).device)).unwrap();
    assert_eq!(on("phone").outcome, SeenOutcome::Answered);
    assert_eq!((on("phone").ringing_ms, on("phone").talked_ms), (4_000, 60_000));
    assert_eq!(on("phone").direction, Direction::Incoming);
    assert_eq!(on("tablet").outcome, SeenOutcome::AnsweredElsewhere);
    assert_eq!(seen(&record, "alice"), SeenOutcome::Answered);
    assert_eq!(record.seen_by(&"carol".parse().unwrap(), None), None);
}

#[test]
fn declined_is_declined_for_both() {
    let (mut town, _, bob, call) = ringing();
    let record = ended(&town.ask_all(bob, reject(call)));
    assert_eq!((seen(&record, "alice"), seen(&record, "bob")), (SeenOutcome::Declined, SeenOutcome::Declined));
    assert_eq!((record.talked_ms, record.invitations[0].ringing_ms), (None, 4_000));
}

#[test]
fn withdrawn_is_cancelled_for_one_and_missed_for_the_other() {
    let (mut town, alice, _, call) = ringing();
    let record = ended(&town.ask_all(alice, hangup(call)));
    assert_eq!((seen(&record, "alice"), seen(&record, "bob")), (SeenOutcome::Cancelled, SeenOutcome::Missed));
}

#[test]
fn not_answered_is_missed() {
    let (mut town, ..) = ringing();
    let record = ended(&town.pass(30_000));
    assert_eq!((seen(&record, "alice"), seen(&record, "bob")), (SeenOutcome::NoAnswer, SeenOutcome::Missed));
    assert_eq!(record.invitations[0].ringing_ms, 30_000);
}

#[test]
fn busy_is_missed_by_who_was_busy() {
    let (mut town, _, bob, call) = ringing();
    town.ask(bob, accept(call)).unwrap();
    let dave = town.sign_in("dave", "phone");
    let id = town.number();
    let record = ended(&town.take(Input::Request { session: dave, id, act: crate::town::call("bob") }));
    assert_eq!((seen(&record, "dave"), seen(&record, "bob")), (SeenOutcome::Busy, SeenOutcome::Missed));
}

/// Signs in on a device with sound.
fn with_media(town: &mut Town, name: &str) -> SessionId {
    let origin = town.origin();
    let expires_at = town.now.plus(86_400_000);
    town.take(Input::SignIn { origin, at: at(name, "phone"), media: MediaMode::Webrtc, expires_at });
    town.exchange.session_of(&at(name, "phone")).unwrap()
}

/// Alice has called Bob, who has answered; the media of these comes up.
fn with_media_of(up: &[&str]) -> (Town, CallId) {
    let mut town = Town::new();
    let (alice, bob) = (with_media(&mut town, "alice"), with_media(&mut town, "bob"));
    let call = town.call(alice, "bob");
    town.ask(bob, accept(call)).unwrap();
    for name in up {
        town.take(Input::Media(MediaReport::Up { call, at: at(name, "phone") }));
    }
    (town, call)
}

#[test]
fn media_that_never_comes_up_is_failed() {
    let (mut town, _) = with_media_of(&["alice"]);
    let record = ended(&town.pass(15_000));
    assert_eq!((seen(&record, "alice"), seen(&record, "bob")), (SeenOutcome::Failed, SeenOutcome::Failed));
}

#[test]
fn a_caller_whose_media_never_comes_up_has_not_talked() {
    let (mut town, _) = with_media_of(&["bob"]);
    let record = ended(&town.pass(15_000));
    assert_eq!(seen(&record, "alice"), SeenOutcome::Failed);
}

#[test]
fn media_that_fails_in_the_end_undoes_no_talk() {
    let (mut town, call) = with_media_of(&["alice", "bob"]);
    town.pass(3_600_000);
    town.take(Input::Media(MediaReport::RoomLost { call }));
    town.take(Input::Media(MediaReport::Up { call, at: at("alice", "phone") }));
    let record = ended(&town.pass(15_000));
    assert_eq!((seen(&record, "alice"), seen(&record, "bob")), (SeenOutcome::Answered, SeenOutcome::Answered));
    let bobs = record.stays.iter().find(|stay| stay.user_id.as_str() == "bob").unwrap();
    assert_eq!(bobs.left, LeftHow::TimedOut);
}

#[test]
fn the_last_word_of_several_is_how_it_went() {
    let mut town = Town::new();
    let (alice, carol) = (town.sign_in("alice", "laptop"), town.sign_in("carol", "phone"));
    let call = town.call(alice, "bob");
    town.pass(1_000);
    town.ask(alice, crate::town::call("carol")).unwrap();
    town.ask(carol, reject(call)).unwrap();
    let record = ended(&town.pass(29_000));
    assert_eq!(seen(&record, "alice"), SeenOutcome::NoAnswer);
}

#[test]
fn who_was_lost_timed_out() {
    let (mut town, alice, _, call) = Town::talking();
    town.socket(alice, false);
    let record = ended(&town.pass(15_000));
    assert_eq!(record.call_id, call);
    let stay = record.stays.iter().find(|stay| stay.user_id.as_str() == "alice").unwrap();
    assert_eq!(stay.left, LeftHow::TimedOut);
    assert_eq!(seen(&record, "alice"), SeenOutcome::Answered);
}

#[test]
fn a_call_of_three_tells_each_ones_own_time() {
    let (mut town, alice, bob, call) = Town::talking();
    let carol = town.sign_in("carol", "phone");
    town.pass(10_000);
    town.ask(bob, crate::town::call("carol")).unwrap();
    town.pass(2_000);
    town.ask(carol, accept(call)).unwrap();
    town.pass(5_000);
    town.ask(alice, hangup(call)).unwrap();
    town.pass(3_000);
    let record = ended(&town.ask_all(carol, hangup(call)));
    let talked = |name: &str| record.seen_by(&name.parse().unwrap(), None).unwrap().talked_ms;
    assert_eq!((talked("alice"), talked("bob"), talked("carol")), (17_000, 20_000, 8_000));
    let carols = record.seen_by(&"carol".parse().unwrap(), None).unwrap();
    assert_eq!(carols.user_ids[0].as_str(), "bob", "whoever invited comes first");
}

#[test]
fn a_group_that_nobody_can_join_has_a_record_too() {
    let mut town = Town::new();
    let origin = town.origin();
    let policy = Policy { closed_list: true, ..Policy::default() };
    town.take(Input::Admin { origin, act: AdminAct::SetPolicy(policy) });
    let origin = town.origin();
    let listed = vec!["bob".parse().unwrap()];
    town.take(Input::Admin { origin, act: AdminAct::AddUsers(listed) });
    let alice = town.sign_in("alice", "laptop");
    let invite = tsuwa_proto::Invite { kind: tsuwa_proto::CallType::Audio, timeout_s: Some(5), user_data: None };
    let user_ids = vec!["bob".parse().unwrap(), "nobody".parse().unwrap()];
    town.ask(alice, Act::GroupCall { user_ids, invite }).unwrap();
    let record = ended(&town.pass(5_000));
    assert_eq!(record.invitations.len(), 2);
    assert_eq!(seen(&record, "bob"), SeenOutcome::Missed);
    assert_eq!(record.seen_by(&"nobody".parse().unwrap(), None), None, "what was refused for somebody is not shown");
    assert_eq!(record.outcome, CallOutcome::NoAnswer);
}
