//! A long random day in a town, the same for the same seed.

use crate::town::{Town, at, call, mute};
use tsuwa_call::{AdminAct, DevicePolicy, MediaReport, Policy};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::{Act, CallId, EventSeq, HangupTarget, InvitationId, MediaMode, RequestId, SessionId, StreamKind};

const USERS: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];
const DEVICES: [&str; 2] = ["laptop", "phone"];

/// A small generator of its own, so that a failing seed can be run again.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    pub(crate) fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())].clone()) }
    }
}

/// A town after `steps` inputs.
pub(crate) fn story(seed: u64, steps: usize) -> Town {
    let mut dice = Dice(seed);
    let mut town = Town::new();
    let (mut sessions, mut calls) = (Vec::new(), Vec::new());
    for _ in 0..steps {
        let input = next(&mut dice, &mut town, &sessions, &calls);
        for kind in town.take(input) {
            match kind {
                EffectKind::SignedIn { session, .. } => sessions.push(session),
                EffectKind::Reply { outcome: Ok(result), .. } => {
                    calls.extend(result["callId"].as_str().map(|id| id.parse::<CallId>().unwrap()));
                }
                _ => {}
            }
        }
        town.now = town.now.plus([0, 5, 700, 16_000][dice.below(4)]);
    }
    town
}

fn next(dice: &mut Dice, town: &mut Town, sessions: &[SessionId], calls: &[CallId]) -> Input {
    let recent = |all: &[SessionId]| all[all.len().saturating_sub(12)..].to_vec();
    let (Some(session), false) = (dice.one(&recent(sessions)), dice.below(8) == 0) else {
        let at = at(USERS[dice.below(5)], DEVICES[dice.below(2)]);
        let media = [MediaMode::Webrtc, MediaMode::None][dice.below(2)];
        return Input::SignIn { origin: town.origin(), at, media, expires_at: town.now.plus(60_000) };
    };
    match dice.below(16) {
        0 => Input::Tick,
        1 => Input::Socket { session, up: dice.below(2) == 0 },
        2 => Input::Resume { origin: town.origin(), session, last_seq: EventSeq(dice.below(6) as u64) },
        3 => Input::Ack { session, seq: EventSeq(dice.below(6) as u64) },
        4 => Input::Renew { origin: town.origin(), session, expires_at: town.now.plus(60_000) },
        5 if dice.below(8) == 0 => Input::Started,
        6 => Input::Admin { origin: town.origin(), act: admin(dice, calls) },
        7 => media(dice, calls).map_or(Input::Tick, Input::Media),
        8 => repeated(dice, town, session),
        9 if dice.below(4) == 0 => Input::Settings { hooks: dice.below(8) != 0 },
        10 => match dice.one(calls) {
            Some(call) => Input::HookDone { call, number: 1 + dice.below(2) as u64, taken: true },
            None => Input::Tick,
        },
        11 if dice.below(2) == 0 => Input::RecordsKept { calls: dice.one(calls).into_iter().collect() },
        _ => Input::Request { session, id: town.number(), act: act(dice, calls) },
    }
}

fn act(dice: &mut Dice, calls: &[CallId]) -> Act {
    let user = USERS[dice.below(5)];
    let Some(id) = dice.one(&calls[calls.len().saturating_sub(3)..]) else { return call(user) };
    // The first invitations of a call are its number 1; those into it later have others.
    let invitation_id = [None, Some(InvitationId(1))][dice.below(2)];
    match dice.below(8) {
        0 | 1 => Act::Accept { call_id: Some(id), invitation_id },
        2 => Act::Reject { call_id: Some(id), invitation_id },
        3 => Act::Hangup { target: HangupTarget::Call(id), invitation_id },
        4 => mute(id, dice.below(2) == 0),
        5 if dice.below(8) == 0 => Act::Logout,
        _ => call(user),
    }
}

fn repeated(dice: &mut Dice, town: &mut Town, session: SessionId) -> Input {
    let newest = town.number().0;
    let id = RequestId(newest - dice.below(5).min(newest as usize - 1) as u64);
    let target = HangupTarget::Request(RequestId(id.0.max(2) - 1));
    Input::Request { session, id, act: Act::Hangup { target, invitation_id: None } }
}

fn admin(dice: &mut Dice, calls: &[CallId]) -> AdminAct {
    let user = || "erin".parse().unwrap();
    match dice.below(5) {
        0 => AdminAct::SetPolicy(Policy { devices: DevicePolicy::One, ..Policy::default() }),
        1 => AdminAct::SetPolicy(Policy::default()),
        2 => AdminAct::Block { user: user(), blocked: "alice".parse().unwrap() },
        3 => AdminAct::SignOut { user: user(), device: None },
        _ => AdminAct::EndCall(dice.one(calls).unwrap_or(CallId(1))),
    }
}

fn media(dice: &mut Dice, calls: &[CallId]) -> Option<MediaReport> {
    let call = dice.one(&calls[calls.len().saturating_sub(3)..])?;
    let at = at(USERS[dice.below(5)], DEVICES[dice.below(2)]);
    Some(match dice.below(7) {
        0 => MediaReport::Placed { call },
        1 => MediaReport::RoomLost { call },
        2 => MediaReport::Lost { call, at },
        3 => MediaReport::Back { call, at },
        4 => MediaReport::Flowing { call, at, kind: StreamKind::Audio },
        _ => MediaReport::Up { call, at },
    })
}
