use crate::town::{Town, accept, call_end, events, hangup};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{Event, EventSeq};

#[test]
fn a_resume_gives_each_undelivered_event_once_and_in_order() {
    let (mut town, alice, bob, call) = Town::talking();
    let before = town.effects.len();
    town.socket(bob, false);
    let carol = town.sign_in("carol", "phone");
    let invited = town.call(alice, "carol");
    assert_eq!(invited, call);
    town.ask(carol, accept(call)).unwrap();
    town.ask(alice, hangup(call)).unwrap();
    town.ask(carol, hangup(call)).unwrap();
    let kinds: Vec<_> = town.effects[before..].iter().map(|effect| effect.what.clone()).collect();
    let made = events(&kinds, bob);
    assert_eq!(made.len(), 3, "carol comes, alice goes, carol goes");
    let seen = made[0].0;

    let back = town.resume(bob, seen);
    assert!(matches!(&back[0], EffectKind::Resumed { session, call: None, .. } if *session == bob));
    let told = events(&back, bob);
    assert_eq!(told[..2], made[1..], "what came after the last one seen, in order");
    assert!(told.len() == 3 && told[2].1 == call_end(call), "and the end that it was away for");
    let again = town.resume(bob, seen);
    assert_eq!(events(&again, bob), told, "and again, until it is acknowledged");
    town.take(Input::Ack { session: bob, seq: EventSeq(told[2].0) });
    assert_eq!(events(&town.resume(bob, seen), bob), []);
}

#[test]
fn what_the_resume_itself_brings_about_comes_last() {
    let (mut town, alice, _, call) = Town::talking();
    town.socket(alice, false);
    town.pass(20_000);
    let back = town.resume(alice, 0);
    let ends = |(_, event): &(u64, Event)| matches!(event, Event::OnCallEnd { call_id, .. } if *call_id == call);
    let got = events(&back, alice);
    assert_eq!(got.iter().filter(|event| ends(event)).count(), 1, "the end of the call that it was lost for, once");
    assert!(ends(got.last().unwrap()));
    assert!(got.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert!(matches!(back[0], EffectKind::Resumed { .. }), "the answer comes before any event");
}
