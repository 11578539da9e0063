use crate::town::{Town, accept, hangup};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{CallId, Hook, HookEvent};

fn hooks(kinds: &[EffectKind]) -> Vec<Hook> {
    let hook = |kind: &EffectKind| match kind {
        EffectKind::Hook(hook) => Some((**hook).clone()),
        _ => None,
    };
    kinds.iter().filter_map(hook).collect()
}

fn taken(town: &mut Town, call: CallId, number: u64) -> Vec<Hook> {
    hooks(&town.take(Input::HookDone { call, number, taken: true }))
}

fn name(hook: &Hook) -> &'static str {
    match hook.event {
        HookEvent::Started { .. } => "started",
        HookEvent::Invited { .. } => "invited",
        HookEvent::Answered { .. } => "answered",
        HookEvent::Cancelled { .. } => "cancelled",
        HookEvent::Ended(_) => "ended",
    }
}

#[test]
fn webhooks_of_a_call_come_one_after_another() {
    let mut town = Town::new();
    town.take(Input::Settings { hooks: true });
    let (alice, bob) = (town.sign_in("alice", "laptop"), town.sign_in("bob", "phone"));
    let kinds = town.ask_all(alice, crate::town::call("bob"));
    let first = hooks(&kinds);
    let [started] = &first[..] else { panic!("one at a time, not {}", first.len()) };
    let call = started.call_id;
    assert_eq!((name(started), started.number), ("started", 1));
    town.ask(bob, accept(call)).unwrap();
    assert_eq!(hooks(&town.ask_all(alice, hangup(call))), [], "the first has not been taken");

    let mut told = vec!["started"];
    let mut last = 1;
    while let [next] = &taken(&mut town, call, last)[..] {
        assert_eq!((next.call_id, next.number), (call, last + 1));
        assert_eq!(taken(&mut town, call, last), [], "what is said twice of one is heard once");
        told.push(name(next));
        last = next.number;
    }
    assert_eq!(told, ["started", "invited", "answered", "ended"]);
    assert_eq!((town.exchange.waiting_hooks(), town.exchange.hooked_calls()), (0, 0));
}

#[test]
fn after_a_restart_those_that_were_not_taken_come_again() {
    let mut town = Town::new();
    town.take(Input::Settings { hooks: true });
    let alice = town.sign_in("alice", "laptop");
    let one = town.call(alice, "bob");
    taken(&mut town, one, 1);
    town.ask(alice, hangup(one)).unwrap();
    let two = town.call(alice, "carol");
    town.restart();
    let again = hooks(&town.take(Input::Started));
    let waiting: Vec<_> = again.iter().map(|hook| (hook.call_id, hook.number, name(hook))).collect();
    assert_eq!(waiting, [(one, 2, "invited"), (two, 1, "started")]);
    let next = taken(&mut town, one, 2);
    let HookEvent::Cancelled { user_id, .. } = &next[0].event else { panic!("{:?}", next[0]) };
    assert_eq!(user_id.as_str(), "bob");
}

#[test]
fn nobody_who_wants_none_has_any() {
    let mut town = Town::new();
    let alice = town.sign_in("alice", "laptop");
    let call = town.call(alice, "bob");
    town.take(Input::Settings { hooks: true });
    let kinds = town.ask_all(alice, hangup(call));
    assert_eq!(hooks(&kinds), [], "a call is told from its beginning or not at all");
    town.call(alice, "bob");
    assert_eq!(town.exchange.waiting_hooks(), 2);
    town.take(Input::Settings { hooks: false });
    assert_eq!((town.exchange.waiting_hooks(), town.exchange.hooked_calls()), (0, 0));
}

#[test]
fn a_busy_callee_is_told_in_the_end_only() {
    let (mut town, ..) = Town::talking();
    town.take(Input::Settings { hooks: true });
    let dave = town.sign_in("dave", "phone");
    let first = hooks(&town.ask_all(dave, crate::town::call("bob")));
    let next = taken(&mut town, first[0].call_id, 1);
    assert_eq!(name(&next[0]), "ended");
}

/// Of a call that goes on through a receiver's outage some invitations are left out, whole; the others end, and so does
/// the call.
#[test]
fn of_one_call_only_so_many_wait() {
    let (mut town, alice, bob) = {
        let mut town = Town::new();
        town.take(Input::Settings { hooks: true });
        let (alice, bob) = (town.sign_in("alice", "laptop"), town.sign_in("bob", "phone"));
        (town, alice, bob)
    };
    let call = town.call(alice, "bob");
    town.ask(bob, accept(call)).unwrap();
    let carol = town.sign_in("carol", "phone");
    for _ in 0..200 {
        town.ask(alice, crate::town::call("carol")).unwrap();
        town.ask(carol, crate::town::reject(call)).unwrap();
    }
    town.ask(alice, crate::town::call("carol")).unwrap();
    town.ask(alice, hangup(call)).unwrap();
    assert!(town.exchange.waiting_hooks() <= 102, "{} wait", town.exchange.waiting_hooks());

    let (mut told, mut rings, mut last) = (0, false, 1);
    while let [next] = &taken(&mut town, call, last)[..] {
        match name(next) {
            "invited" => assert!(!std::mem::replace(&mut rings, true)),
            "answered" | "cancelled" => assert!(std::mem::replace(&mut rings, false)),
            "ended" => assert!(!rings),
            other => panic!("{other} again"),
        }
        assert_eq!(next.number, last + 1, "none is missing among those that come");
        (told, last) = (told + 1, next.number);
    }
    assert!(told > 90 && town.exchange.hooked_calls() == 0);
}

/// What apps send along counts: the memory is bounded in bytes.
#[test]
fn large_webhooks_fill_the_room_sooner() {
    let mut town = Town::new();
    town.take(Input::Settings { hooks: true });
    let alice = town.sign_in("alice", "laptop");
    let mut calls = 0;
    loop {
        let invite = tsuwa_proto::Invite {
            kind: tsuwa_proto::CallType::Audio,
            timeout_s: None,
            user_data: Some("x".repeat(tsuwa_proto::limits::USER_DATA_BYTES)),
        };
        let user_id = "bob".parse().unwrap();
        let kinds = town.ask_all(alice, tsuwa_proto::Act::Call { user_id, invite });
        if kinds.iter().any(|kind| matches!(kind, EffectKind::HooksFull { .. })) {
            break;
        }
        calls += 1;
        let call = hooks(&kinds)[0].call_id;
        town.ask(alice, hangup(call)).unwrap();
    }
    // 4,096 bytes, and about 1,500 of four webhooks.
    assert!((8_000..11_000).contains(&calls), "{calls} calls");
    assert!(town.exchange.waiting_hooks() < 50_000);
}
