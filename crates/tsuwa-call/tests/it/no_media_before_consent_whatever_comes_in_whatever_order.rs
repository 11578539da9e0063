//! The lesson of FaceTime, Signal, JioChat, Mocha, Duo and Messenger: nobody answers for the callee.

use crate::town::{Town, accept, calls, device, group, hangup, reject};
use tsuwa_call::{Input, MediaReport};
use tsuwa_proto::{Act, CallId, StreamKind};

#[test]
fn no_media_before_consent_whatever_comes_in_whatever_order() {
    // Every request, of everybody, in pseudo-random order, with right and wrong ids: the town itself holds after
    // each step that no gate is open whose device did not call or accept.
    for seed in 1..=200_u64 {
        let names = ["A1", "A2", "B1", "B2", "C1", "D1"];
        let mut town = Town::of(&names);
        let mut state = seed;
        let mut next = |below: u64| {
            // xorshift64 (Marsaglia 2003): enough to shuffle, and always the same.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut issued = vec![CallId(1)];
        for _ in 0..150 {
            let name = names[next(6) as usize];
            let other = ["A", "B", "C", "D"][next(4) as usize];
            let call = issued[next(issued.len() as u64) as usize];
            let at = device(names[next(6) as usize]);
            let report = |report| Input::Media(report);
            match next(16) {
                0 | 1 => drop(town.ask(name, calls(other, 1))),
                2 => drop(town.ask(name, group(&["A", "C", other], 2))),
                3..=5 => drop(town.ask(name, accept(call))),
                6 => drop(town.ask(name, reject(call))),
                7 => drop(town.ask(name, hangup(call))),
                8 => drop(town.ask(name, Act::SetMicMute { call_id: call, is_mute: next(2) == 0 })),
                9 => drop(town.ask(name, Act::SetCamera { call_id: call, is_open: next(2) == 0 })),
                10 => town.feed(report(MediaReport::Up { call, at })),
                11 => town.feed(report(MediaReport::Flowing { call, at, kind: StreamKind::Audio })),
                12 => town.feed(report(MediaReport::RoomLost { call })),
                13 => town.socket(name, next(2) == 0),
                14 => town.sign_in(name),
                _ => town.wait_ms(next(20_000)),
            }
            issued.extend(town.switchboard.live_calls().iter().map(|live| live.call_id));
            issued.sort_unstable();
            issued.dedup();
        }
        town.forget_what_was_seen();
    }
}
