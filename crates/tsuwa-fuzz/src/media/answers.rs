//! SDP answers as a media room takes them.

use super::town::{CALL, Town, leg};
use crate::bytes::Bytes;
use std::time::Duration;

/// Whatever a device answers to its offers: its own media may fail; no room is lost, and the others' offers come all the
/// same. The first byte says what the others are: an answer as it is, or changes to the lines of a right one.
pub fn sdp_answer(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let choice = bytes.byte();
    let mut town = Town::new();
    town.join("alice", choice & 1 == 1, true, false);
    town.clients[0].answers = false;
    settle(&mut town);
    if choice & 2 == 2 {
        town.join("bob", choice & 4 == 4, choice & 8 == 8, false);
        town.admit_all();
        settle(&mut town);
    }
    if choice & 0x10 == 0x10 {
        give(&mut town, &bytes.text());
    } else {
        let changes = if choice & 0x20 == 0x20 { 2 } else { 1 };
        for _ in 0..changes {
            let Some((_, _, right)) = town.clients[0].offer.clone() else { break };
            let changed = changed(&right, &mut bytes);
            give(&mut town, &changed);
        }
    }
    // A third comes in: an offer that goes on with what was agreed on.
    town.join("carol", choice & 0x40 == 0x40, true, false);
    settle(&mut town);
    if let Some((_, _, right)) = town.clients[0].offer.clone() {
        let changed = changed(&right, &mut bytes);
        give(&mut town, &changed);
    }
    assert!(town.clients.last().is_some_and(|carol| carol.offer.is_some()), "a device comes in without an offer");
    town.rooms.leave(town.now, CALL, &leg("alice"));
    town.turn(Duration::from_millis(600));
}

fn settle(town: &mut Town) {
    for _ in 0..5 {
        town.turn(Duration::from_millis(1));
    }
}

/// Alice answers her last offer.
fn give(town: &mut Town, answer: &str) {
    let Some(offer) = town.clients[0].offer.as_ref().map(|(id, _, _)| *id) else { return };
    let (now, key) = (town.now, town.clients[0].key.clone());
    town.rooms.answer(now, CALL, &key, offer, answer);
    settle(town);
    town.turn(Duration::from_millis(500));
}

/// The lines of an answer, some of them changed.
fn changed(answer: &str, bytes: &mut Bytes<'_>) -> String {
    let mut lines: Vec<String> = answer.lines().map(str::to_owned).collect();
    for _ in 0..bytes.below(6) {
        let (what, at) = (bytes.below(7), bytes.byte());
        let at = usize::from(at) % lines.len().max(1);
        match what {
            0 => lines.insert(at.min(lines.len()), bytes.word()),
            1 if !lines.is_empty() => drop(lines.remove(at)),
            2 if !lines.is_empty() => lines[at] = bytes.word(),
            3 if !lines.is_empty() => {
                let copy = lines[at].clone();
                lines.insert(bytes.below(256) % lines.len(), copy);
            }
            4 if !lines.is_empty() => {
                // Behind the attribute's name.
                let name = lines[at].split_inclusive([':', '=']).take(2).collect::<String>();
                lines[at] = name + &bytes.word();
            }
            5 if !lines.is_empty() => lines[at].push_str(&bytes.word()),
            _ => lines.truncate(at),
        }
    }
    lines.join("\r\n") + "\r\n"
}
