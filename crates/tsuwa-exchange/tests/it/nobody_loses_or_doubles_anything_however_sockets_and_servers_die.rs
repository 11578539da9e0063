use crate::network::Network;
use crate::story::Dice;
use crate::town::APP;
use serde_json::json;
use std::collections::BTreeMap;
use tsuwa_exchange::{EffectKind, Entry, Exchange};
use tsuwa_proto::{Event, EventSeq, Outcome, RequestId, SessionId};

const USERS: [&str; 4] = ["alice", "bob", "carol", "dave"];

/// The whole truth, from the log alone.
#[derive(Default)]
struct Truth {
    events: BTreeMap<SessionId, BTreeMap<EventSeq, Event>>,
    outcomes: BTreeMap<(SessionId, RequestId), Outcome>,
    calls_begun: usize,
}

fn truth(log: &[Entry]) -> (Truth, Exchange) {
    let mut exchange = Exchange::new(APP, 1);
    let mut truth = Truth::default();
    for entry in log {
        exchange.committed(entry);
        while let Some(effect) = exchange.poll_effect() {
            match effect.what {
                EffectKind::Event { session, seq, event } => {
                    let known = truth.events.entry(session).or_default().insert(seq, event.clone());
                    assert!(known.is_none_or(|known| known == event), "a number means one event");
                }
                EffectKind::Reply { session, id, outcome } => {
                    truth.outcomes.entry((session, id)).or_insert(outcome);
                }
                EffectKind::Note(tsuwa_call::Note::CallStarted { .. }) => truth.calls_begun += 1,
                _ => {}
            }
        }
    }
    (truth, exchange)
}

/// The call that a client was told of last, by an event or an answer.
fn last_call(network: &Network, index: usize) -> Option<String> {
    let client = &network.clients[index];
    let of_events = client.seen.values().flatten().filter_map(|(_, event)| event.call_id()).max();
    let of_answers = client
        .replies
        .iter()
        .filter_map(|(_, outcome)| outcome.as_ref().ok()?.get("callId")?.as_str()?.parse::<tsuwa_proto::CallId>().ok());
    of_answers.chain(of_events).max().map(|call| call.to_string())
}

fn do_something(network: &mut Network, dice: &mut Dice) {
    let index = dice.below(USERS.len());
    let call = last_call(network, index);
    match (dice.below(8), call) {
        (0 | 1, Some(call)) => drop(network.ask(index, "accept", json!({ "callId": call }))),
        (2, Some(call)) => drop(network.ask(index, "hangup", json!({ "callId": call }))),
        (3, Some(call)) => drop(network.ask(index, "reject", json!({ "callId": call }))),
        (4, Some(call)) => drop(network.ask(index, "setMicMute", json!({ "callId": call, "isMute": true }))),
        (5, _) => {
            let asked = network.ask(index, "call", json!({ "userId": USERS[dice.below(4)], "type": 1 }));
            network.ask(index, "hangup", json!({ "request": asked }));
        }
        _ => drop(network.ask(index, "call", json!({ "userId": USERS[dice.below(4)], "type": 1 }))),
    }
}

/// What a session's device saw is what was made for it, but for invitations that ended before it saw them.
fn check_seen(seen: &[(EventSeq, Event)], made: &BTreeMap<EventSeq, Event>, complete: bool) {
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "once, and in order");
    assert!(seen.iter().all(|(seq, event)| made.get(seq) == Some(event)), "and nothing that was not made");
    let last = seen.last().map_or(EventSeq(0), |(seq, _)| *seq);
    let mut open = BTreeMap::<_, i32>::new();
    for (seq, event) in made.iter().filter(|(seq, _)| seen.iter().all(|(of, _)| of != *seq)) {
        if *seq > last && !complete {
            break;
        }
        match event {
            Event::OnInvited { call_id, .. } => *open.entry(*call_id).or_default() += 1,
            Event::OnCallingCancel { call_id, .. } | Event::OnCallingTimeOut { call_id } => {
                *open.entry(*call_id).or_default() -= 1;
            }
            other => panic!("event {} was lost: {other:?}", seq.0),
        }
    }
    assert!(open.values().all(|count| *count == 0), "an invitation is left out with its end, or not at all");
}

fn check(network: &Network) -> Truth {
    let (truth, replayed) = truth(&network.whole);
    assert_eq!(replayed.snapshot(), network.exchange.snapshot(), "the log tells it all");
    for client in &network.clients {
        assert!(!client.out && client.session.is_up(), "everybody is back");
        for (session, seen) in &client.seen {
            let made = truth.events.get(session).cloned().unwrap_or_default();
            check_seen(seen, &made, network.exchange.device_of(*session).is_some());
        }
        let mut answered: Vec<_> = client.replies.iter().map(|(id, _)| *id).collect();
        answered.sort();
        assert_eq!(answered, client.asked, "every request is answered once");
        for (id, outcome) in client.replies.iter().filter(|(_, outcome)| outcome.is_ok()) {
            let mut known = truth.outcomes.iter().filter(|((_, of), _)| of == id).map(|(_, known)| known);
            assert!(known.any(|known| known == outcome), "as it is in the log");
        }
    }
    truth
}

#[test]
fn nobody_loses_or_doubles_anything_however_sockets_and_servers_die() {
    let (mut events, mut calls, mut deaths, mut kills) = (0, 0, 0, 0);
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut network = Network::new(&USERS, seed);
        network.pass(500);
        for _ in 0..250 {
            match dice.below(24) {
                0..=9 => do_something(&mut network, &mut dice),
                10..=13 => {
                    if let Some(conn) = network.some_socket(dice.below(1_000)) {
                        network.kill(conn, dice.below(5));
                    }
                }
                14 if dice.below(4) == 0 => {
                    network.server_dies(dice.below(2) == 0, dice.below(3) == 0);
                }
                15 if dice.below(4) == 0 => network.pass(20_000),
                _ => network.pass(dice.below(300) as u64),
            }
        }
        network.pass(60_000);
        let truth = check(&network);
        events += truth.events.values().map(BTreeMap::len).sum::<usize>();
        calls += truth.calls_begun;
        deaths += network.deaths;
        kills += network.kills;
    }
    assert!(events > 1_000 && calls > 500 && deaths > 60 && kills > 1_000, "{events} {calls} {deaths} {kills}");
}
