//! Which devices have a leg, and which have not answered the last offer for it.
//!
//! Offers are signals: never logged, never kept. One that got lost with its socket is made anew when the device is
//! back.

use std::collections::BTreeMap;
use tsuwa_call::{DeviceKey, MediaCommand};
use tsuwa_proto::CallId;

/// The legs of a shard's devices.
#[derive(Debug, Default)]
pub(super) struct Offers {
    legs: BTreeMap<DeviceKey, Leg>,
}

#[derive(Clone, Copy, Debug)]
struct Leg {
    call: CallId,
    /// The log position that made it.
    made_at: u64,
    /// The offer that was made last.
    offered: Option<u64>,
    answered: bool,
}

impl Offers {
    /// Follows what the media rooms are told.
    pub(super) fn command(&mut self, position: u64, command: &MediaCommand) {
        match command {
            MediaCommand::Leg { call, at, .. } => {
                let leg = Leg { call: *call, made_at: position, offered: None, answered: false };
                let known = self.legs.entry(at.clone()).or_insert(leg);
                if known.call != *call {
                    *known = leg;
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

    /// An offer was made to a device.
    pub(super) fn offered(&mut self, at: &DeviceKey, call: CallId, offer_id: u64) {
        if let Some(leg) = self.legs.get_mut(at).filter(|leg| leg.call == call) {
            leg.offered = Some(offer_id);
            leg.answered = false;
        }
    }

    /// A device answered.
    pub(super) fn answered(&mut self, at: &DeviceKey, call: CallId, offer_id: u64) {
        if let Some(leg) = self.legs.get_mut(at).filter(|leg| leg.call == call && leg.offered == Some(offer_id)) {
            leg.answered = true;
        }
    }

    /// The device is back in its session: the call whose last offer it has not answered, and may never have seen.
    pub(super) fn unanswered(&self, at: &DeviceKey) -> Option<CallId> {
        self.legs.get(at).filter(|leg| leg.offered.is_some() && !leg.answered).map(|leg| leg.call)
    }

    /// The device signed in anew at this log position: the call that it had a leg in before, of which it now knows
    /// nothing.
    pub(super) fn forgotten(&self, at: &DeviceKey, position: u64) -> Option<CallId> {
        self.legs.get(at).filter(|leg| leg.made_at < position).map(|leg| leg.call)
    }
}
