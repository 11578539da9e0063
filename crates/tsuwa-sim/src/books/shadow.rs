//! What the media rooms are told, followed at the moment at which it is decided.

use std::collections::{BTreeMap, BTreeSet};
use tsuwa_call::{DeviceKey, MediaCommand};
use tsuwa_proto::CallId;

#[derive(Default)]
pub(crate) struct Shadow {
    rooms: BTreeMap<CallId, BTreeMap<DeviceKey, bool>>,
    /// Who has called or accepted, and has not left.
    pub(super) consent: BTreeSet<(CallId, DeviceKey)>,
    pub(super) ever: BTreeSet<(CallId, DeviceKey)>,
}

impl Shadow {
    /// Every room is gone with the process.
    pub(super) fn started(&mut self) {
        self.rooms.clear();
    }

    pub(super) fn lost(&mut self, call: CallId) {
        self.rooms.remove(&call);
    }

    pub(super) fn consents(&mut self, call: CallId, at: &DeviceKey) {
        self.consent.insert((call, at.clone()));
        self.ever.insert((call, at.clone()));
    }

    pub(super) fn follow(&mut self, command: &MediaCommand) -> Result<(), &'static str> {
        let legal = |legal: bool, what: &'static str| if legal { Ok(()) } else { Err(what) };
        match command {
            MediaCommand::Open { call } => {
                legal(self.rooms.insert(*call, BTreeMap::new()).is_none(), "a room is made that is there")
            }
            MediaCommand::Leg { call, at, .. } => {
                let Some(room) = self.rooms.get_mut(call) else { return Err("a leg where no room is") };
                room.entry(at.clone()).or_insert(false);
                Ok(())
            }
            MediaCommand::Admit { call, at } => {
                let Some(leg) = self.rooms.get_mut(call).and_then(|room| room.get_mut(at)) else {
                    return Err("no leg is let through");
                };
                *leg = true;
                Ok(())
            }
            MediaCommand::Mute { call, at, .. } | MediaCommand::Drop { call, at } => {
                let Some(room) = self.rooms.get_mut(call) else { return Err("something is done in no room") };
                if let MediaCommand::Drop { .. } = command {
                    return legal(room.remove(at).is_some(), "no leg is taken away");
                }
                legal(room.contains_key(at), "no leg is muted")
            }
            MediaCommand::Close { call } => legal(self.rooms.remove(call).is_some(), "no room is closed"),
        }
    }

    /// Somebody who was let through without having called or accepted.
    pub(super) fn without_consent(&self) -> Option<(CallId, &DeviceKey)> {
        self.rooms.iter().find_map(|(call, room)| {
            let open = room.iter().filter(|(_, admitted)| **admitted).map(|(at, _)| at);
            let mut bad = open.filter(|at| !self.consent.contains(&(*call, (*at).clone())));
            bad.next().map(|at| (*call, at))
        })
    }

    /// Whether a room, or a leg of this device in it, is there.
    pub(super) fn has(&self, call: CallId, at: Option<&DeviceKey>) -> bool {
        self.rooms.get(&call).is_some_and(|room| at.is_none_or(|at| room.contains_key(at)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }
}
