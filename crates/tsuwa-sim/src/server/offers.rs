//! Which devices have a leg, and which may not have seen the last offer for it.

use std::collections::BTreeMap;
use tsuwa_call::{DeviceKey, MediaCommand};
use tsuwa_proto::CallId;

#[derive(Default)]
pub(super) struct Offers {
    legs: BTreeMap<DeviceKey, Leg>,
}

struct Leg {
    call: CallId,
    made_at: u64,
    offered: Option<u64>,
    answered: bool,
}

impl Offers {
    pub(super) fn command(&mut self, position: u64, command: &MediaCommand) {
        match command {
            MediaCommand::Leg { call, at, .. } => {
                if self.legs.get(at).is_none_or(|known| known.call != *call) {
                    let leg = Leg { call: *call, made_at: position, offered: None, answered: false };
                    self.legs.insert(at.clone(), leg);
                }
            }
            MediaCommand::Drop { call, at } => {
                if self.legs.get(at).is_some_and(|leg| leg.call == *call) {
                    self.legs.remove(at);
                }
            }
            MediaCommand::Close { call } => self.legs.retain(|_, leg| leg.call != *call),
            MediaCommand::Open { .. } | MediaCommand::Admit { .. } | MediaCommand::Mute { .. } => {}
        }
    }

    pub(super) fn offered(&mut self, at: &DeviceKey, call: CallId, offer_id: u64) {
        if let Some(leg) = self.legs.get_mut(at).filter(|leg| leg.call == call) {
            (leg.offered, leg.answered) = (Some(offer_id), false);
        }
    }

    pub(super) fn answered(&mut self, at: &DeviceKey, call: CallId, offer_id: u64) {
        if let Some(leg) = self.legs.get_mut(at).filter(|leg| leg.call == call && leg.offered == Some(offer_id)) {
            leg.answered = true;
        }
    }

    /// The device is back: the call whose last offer it may not have seen.
    pub(super) fn unanswered(&self, at: &DeviceKey) -> Option<CallId> {
        self.legs.get(at).filter(|leg| leg.offered.is_some() && !leg.answered).map(|leg| leg.call)
    }

    /// The device signed in anew at this position: the call in which it had a leg before.
    pub(super) fn forgotten(&self, at: &DeviceKey, position: u64) -> Option<CallId> {
        self.legs.get(at).filter(|leg| leg.made_at < position).map(|leg| leg.call)
    }
}
