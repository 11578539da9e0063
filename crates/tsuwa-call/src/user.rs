//! A user: the devices that are signed in, and the one call that it may be in or be invited to.

use crate::{DeviceKey, Switchboard};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tsuwa_proto::{CallId, DeviceId, EndReason, Event, MediaMode, Millis, UserId};

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) devices: BTreeMap<DeviceId, Device>,
    pub(crate) place: Place,
    /// The end of a call that a device was lost for, to be told when it is back. One a device: being in a call
    /// again takes a device that came back.
    pub(crate) owed: BTreeMap<DeviceId, Event>,
}

/// Where a user is. Busy is everything but `Free`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub(crate) enum Place {
    #[default]
    Free,
    Ringing(CallId),
    InCall(CallId, DeviceId),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) media: MediaMode,
    pub(crate) socket_up: bool,
    pub(crate) expires_at: Millis,
    pub(crate) expired: bool,
    /// Log position of its last sign-in or request: the higher, the more recently used.
    pub(crate) used_at: u64,
}

/// Devices of one user that are owed an end are bounded, as device ids are the client's choice.
const OWED_KEPT: usize = 16;
/// And so are all that are owed one: many a device never comes back, and is not remembered for ever. With some 200 bytes
/// each, about ten megabytes.
const OWED_IN_ALL: usize = 65_536;

impl Switchboard {
    pub(crate) fn device(&self, at: &DeviceKey) -> Option<&Device> {
        self.users.get(&at.user)?.devices.get(&at.device)
    }

    pub(crate) fn device_mut(&mut self, at: &DeviceKey) -> Option<&mut Device> {
        self.users.get_mut(&at.user)?.devices.get_mut(&at.device)
    }

    pub(crate) fn place(&self, user: &UserId) -> Place {
        self.users.get(user).map(|u| u.place.clone()).unwrap_or_default()
    }

    pub(crate) fn set_place(&mut self, user: &UserId, place: Place) {
        self.users.entry(user.clone()).or_default().place = place;
        self.forget_if_idle(user);
    }

    /// Every signed-in device of a user, in the order of their ids.
    pub(crate) fn devices_of(&self, user: &UserId) -> Vec<DeviceKey> {
        let Some(found) = self.users.get(user) else { return Vec::new() };
        found.devices.keys().map(|device| DeviceKey { user: user.clone(), device: device.clone() }).collect()
    }

    /// The devices of a user that carry media, the most recently used first.
    pub(crate) fn media_devices_of(&self, user: &UserId) -> Vec<DeviceKey> {
        let Some(found) = self.users.get(user) else { return Vec::new() };
        let mut devices: Vec<_> = found.devices.iter().filter(|(_, d)| d.media == MediaMode::Webrtc).collect();
        devices.sort_by_key(|(_, device)| std::cmp::Reverse(device.used_at));
        devices.into_iter().map(|(device, _)| DeviceKey { user: user.clone(), device: device.clone() }).collect()
    }

    /// A device that is away missed the end of this call.
    pub(crate) fn owe(&mut self, to: &DeviceKey, call_id: CallId, reason: Option<EndReason>) {
        let owed = &mut self.users.entry(to.user.clone()).or_default().owed;
        if owed.len() >= OWED_KEPT && !owed.contains_key(&to.device) {
            owed.pop_first();
        }
        owed.insert(to.device.clone(), Event::OnCallEnd { call_id, reason });
        self.owing.push_back((to.clone(), call_id));
        if self.owing.len() > OWED_IN_ALL {
            self.forget_what_is_owed_longest();
        }
    }

    fn forget_what_is_owed_longest(&mut self) {
        let Some((at, call)) = self.owing.pop_front() else { return };
        let Some(user) = self.users.get_mut(&at.user) else { return };
        // It may have been told of that one, and missed a later one.
        if user.owed.get(&at.device).is_some_and(|event| event.call_id() == Some(call)) {
            user.owed.remove(&at.device);
            self.forget_if_idle(&at.user);
        }
    }

    /// Whether a device is away and has missed the end of its call. It is told of nothing that rings before it is told
    /// of that: to its listeners, a ringing within a call would be none.
    pub(crate) fn is_owed(&self, at: &DeviceKey) -> bool {
        self.users.get(&at.user).is_some_and(|user| user.owed.contains_key(&at.device))
    }

    pub(crate) fn pay(&mut self, to: &DeviceKey) {
        let event = self.users.get_mut(&to.user).and_then(|user| user.owed.remove(&to.device));
        if let Some(event) = event {
            self.tell(to, event);
        }
    }

    pub(crate) fn forget_if_idle(&mut self, user: &UserId) {
        let idle = |u: &User| u.devices.is_empty() && u.owed.is_empty() && u.place == Place::Free;
        if self.users.get(user).is_some_and(idle) {
            self.users.remove(user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_that_never_come_back_are_not_remembered_for_ever() {
        let mut switchboard = Switchboard::new();
        let at = |n: usize| {
            let id = format!("u{n}");
            DeviceKey { user: id.parse().expect("an id"), device: id.parse().expect("an id") }
        };
        for n in 0..OWED_IN_ALL + 10 {
            switchboard.owe(&at(n), CallId(n as u64), Some(EndReason::TimedOut));
        }
        assert_eq!((switchboard.users.len(), switchboard.owing.len()), (OWED_IN_ALL, OWED_IN_ALL));
        assert!(!switchboard.users.contains_key(&at(9).user));
        assert!(switchboard.users.contains_key(&at(10).user));
    }

    #[test]
    fn a_later_end_outlives_an_earlier_one() {
        let mut switchboard = Switchboard::new();
        let at = DeviceKey { user: "alice".parse().expect("an id"), device: "d".parse().expect("an id") };
        switchboard.owe(&at, CallId(1), Some(EndReason::TimedOut));
        switchboard.owe(&at, CallId(2), Some(EndReason::TimedOut));
        switchboard.forget_what_is_owed_longest();
        assert!(switchboard.users.contains_key(&at.user));
        switchboard.forget_what_is_owed_longest();
        assert!(switchboard.users.is_empty());
    }
}
