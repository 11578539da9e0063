//! What a device was told so far, and what it may be told next.

use crate::rules::{Place, Rules};
use std::collections::BTreeSet;
use tsuwa_call::DeviceKey;
use tsuwa_proto::{CallId, Event, UserId};

/// A device as its own SDK sees it: only by what it was answered and told.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Story {
    heard: Heard,
    /// In a call: who else is there.
    present: BTreeSet<UserId>,
    /// In a call: whom it has invited and has heard nothing of.
    invited: BTreeSet<UserId>,
    /// The call whose end it is to be told of when it is back.
    pub(crate) owed: Option<CallId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
enum Heard {
    #[default]
    Nothing,
    Rings(CallId),
    In(CallId),
}

impl Story {
    /// Its own `call`, `groupCall` or `accept` was done.
    pub(crate) fn is_in(&mut self, call: CallId, invited: impl Iterator<Item = UserId>) {
        if self.heard != Heard::In(call) {
            *self = Self { heard: Heard::In(call), owed: self.owed, ..Self::default() };
        }
        let news: Vec<_> = invited.filter(|user| !self.present.contains(user)).collect();
        self.invited.extend(news);
    }

    /// Its own `hangup` or `reject` was done, or it is out.
    pub(crate) fn is_out(&mut self) {
        *self = Self { owed: self.owed, ..Self::default() };
    }

    /// A new process on the device learns from the answer to its sign-in whether it is in a call.
    pub(crate) fn begins(&mut self, in_call: Option<CallId>, invited: BTreeSet<UserId>) {
        self.is_out();
        if let Some(call) = in_call {
            (self.heard, self.invited) = (Heard::In(call), invited);
        }
    }

    /// Takes an event into the story; `Err` says why it can't come now.
    pub(crate) fn told(&mut self, event: &Event) -> Result<(), &'static str> {
        if let (Some(owed), Some(_)) = (self.owed, event.call_id()) {
            let paid = matches!(event, Event::OnCallEnd { call_id, .. } if *call_id == owed);
            self.owed = self.owed.filter(|_| !paid);
            // To its listeners it is in that call still.
            return if paid { Ok(()) } else { Err("something else before the end that it has missed") };
        }
        let in_call = event.call_id().map(Heard::In);
        let is_in = Some(self.heard) == in_call;
        let good = match event {
            Event::OnInvited { call_id, .. } => {
                let silent = self.heard == Heard::Nothing;
                self.heard = Heard::Rings(*call_id);
                return if silent { Ok(()) } else { Err("it rings, though the device is busy with a call") };
            }
            Event::OnCallingCancel { call_id, .. } | Event::OnCallingTimeOut { call_id } => {
                let rang = self.heard == Heard::Rings(*call_id);
                self.heard = Heard::Nothing;
                return if rang { Ok(()) } else { Err("ringing ends that was not heard") };
            }
            Event::OnCallEnd { .. } => {
                self.is_out();
                return if is_in { Ok(()) } else { Err("the end of a call that the device is not in") };
            }
            Event::OnUserEnter { user_id, .. } => {
                self.invited.remove(user_id);
                is_in && self.present.insert(user_id.clone())
            }
            Event::OnUserLeave { user_id, .. } => is_in && self.present.remove(user_id),
            Event::OnReject { user_id, .. } | Event::OnNoResp { user_id, .. } | Event::OnLineBusy { user_id, .. } => {
                is_in && self.invited.remove(user_id)
            }
            Event::OnUserAudioAvailable { user_id, .. }
            | Event::OnUserVideoAvailable { user_id, .. }
            | Event::OnNetworkQuality { user_id, .. } => is_in && self.present.contains(user_id),
            Event::OnError { .. } => is_in,
            Event::OnKickedOffline {} | Event::OnUserSigExpired {} => true,
        };
        if good { Ok(()) } else { Err("of somebody who is not there, not invited, or in another call") }
    }

    /// After a step, whether the device, if its socket is there, believes what is so; if it is not, what it will have
    /// to be told.
    pub(crate) fn agrees(&mut self, at: &DeviceKey, rules: &Rules) -> Result<(), &'static str> {
        let Some(up) = rules.devices.get(at) else {
            if let Heard::In(call) = self.heard {
                (self.heard, self.owed) = (Heard::Nothing, Some(call));
            }
            self.is_out();
            return Ok(());
        };
        let should = match rules.place(&at.user) {
            Place::Ringing(call) => Heard::Rings(call),
            Place::In(call, device) if device == at.device => Heard::In(call),
            _ => Heard::Nothing,
        };
        match (self.heard, should) {
            (Heard::In(call), Heard::Nothing) if !up => {
                self.is_out();
                self.owed = Some(call);
            }
            _ if self.owed.is_some() => {}
            (heard, should) if heard == should => {}
            (Heard::In(_), _) => return Err("it believes to be in a call that it is not in"),
            (Heard::Rings(_), _) => return Err("it rings on"),
            (Heard::Nothing, _) => return Err("it knows nothing of its call"),
        }
        if *up && self.owed.is_some() {
            return Err("it is back, and was not told the end that it missed");
        }
        let (Heard::In(call), None) = (should, self.owed) else { return Ok(()) };
        let call = &rules.calls[&call];
        let others = call.members.keys().filter(|user| **user != at.user);
        if !others.eq(&self.present) {
            return Err("it believes others to be there than are");
        }
        let mut waits = call.ringing.iter().filter(|(_, ringing)| ringing.inviter == at.user).map(|(user, _)| user);
        if !self.invited.iter().all(|user| waits.next() == Some(user)) || waits.next().is_some() {
            return Err("it waits for others than ring for it");
        }
        Ok(())
    }
}
