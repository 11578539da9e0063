//! An invitation: how it begins, and the ways in which it ends. Each ends in exactly one.

use crate::call::Invitation;
use crate::due::Due;
use crate::user::Place;
use crate::{DeviceKey, HowEnded, MediaCommand, Note, Switchboard};
use std::collections::BTreeMap;
use tsuwa_proto::{CallId, CancelReason, Event, InvitationId, Invite, Millis, UserId, limits};

/// What a request that was checked is about to do with each callee.
pub(crate) struct Asking {
    pub(crate) call: CallId,
    pub(crate) inviter: UserId,
    pub(crate) invite: Invite,
    /// Whom the request can invite, in its order; some of them may be busy.
    pub(crate) callees: Vec<UserId>,
    pub(crate) is_from_group: bool,
}

impl Asking {
    fn others(&self, callee: &UserId) -> Vec<UserId> {
        self.callees.iter().filter(|other| *other != callee).cloned().collect()
    }
}

/// How an invitation ends.
#[derive(Clone, Copy)]
pub(crate) struct Ending<'a> {
    pub(crate) how: HowEnded,
    /// The callee's device that accepted or rejected.
    pub(crate) by: Option<&'a DeviceKey>,
    pub(crate) reason: Option<CancelReason>,
}

impl Ending<'_> {
    fn of(how: HowEnded) -> Self {
        Self { how, by: None, reason: None }
    }
}

impl Switchboard {
    /// Invite everybody whom the request names; who is busy is told to the inviter at once.
    pub(crate) fn ask(&mut self, asking: &Asking) {
        for callee in &asking.callees {
            if self.place(callee) == Place::Free {
                self.ring(asking, callee);
            } else {
                self.never_stood(asking, callee, HowEnded::Busy);
                let event = Event::OnLineBusy { call_id: asking.call, user_id: callee.clone() };
                self.tell_member(asking.call, &asking.inviter, event);
            }
        }
    }

    fn ring(&mut self, asking: &Asking, callee: &UserId) {
        let timeout_s = asking.invite.timeout_s.unwrap_or(self.policy.ring_timeout_s);
        let until = self.now.plus(u64::from(timeout_s) * 1000);
        let invitation = Invitation {
            id: InvitationId(self.position.saturating_sub(asking.call.0).saturating_add(1)),
            callee: callee.clone(),
            inviter: asking.inviter.clone(),
            kind: asking.invite.kind,
            others: asking.others(callee),
            is_from_group: asking.is_from_group,
            user_data: asking.invite.user_data.clone(),
            since: self.now,
            until,
            legs: BTreeMap::new(),
        };
        let Some(call) = self.calls.get_mut(&asking.call) else { return };
        call.invitations.push(invitation);
        call.known.insert(callee.clone());
        self.set_place(callee, Place::Ringing(asking.call));
        self.set_due(until, Due::Ring(asking.call, callee.clone()));
        let devices = self.devices_of(callee);
        self.note_invited(asking, callee, Some(until), !devices.is_empty());
        for at in &devices {
            self.tell_invited(asking.call, at);
        }
    }

    /// `onInvited` for one device of somebody who rings.
    pub(crate) fn tell_invited(&mut self, call: CallId, to: &DeviceKey) {
        let now = self.now;
        if self.is_owed(to) {
            return;
        }
        let Some(invitation) = self.calls.get(&call).and_then(|c| c.invitation(&to.user)) else { return };
        let event = Event::OnInvited {
            call_id: call,
            invitation_id: invitation.id,
            sponsor: invitation.inviter.clone(),
            user_ids: invitation.others.clone(),
            is_from_group: invitation.is_from_group,
            kind: invitation.kind,
            rings_for_ms: invitation.until.since(now),
            user_data: invitation.user_data.clone(),
        };
        self.tell(to, event);
    }

    /// Make media ready on the callee's most recent devices, beside the ringing.
    pub(crate) fn prepare_legs(&mut self, call: CallId, callee: &UserId) {
        for at in self.media_devices_of(callee) {
            let Some(invitation) = self.calls.get_mut(&call).and_then(|c| c.invitation_mut(callee)) else { return };
            if invitation.legs.len() >= limits::READY_DEVICES {
                return;
            }
            if !invitation.legs.contains_key(&at.device) {
                invitation.legs.insert(at.device.clone(), false);
                self.open_leg(call, &at);
            }
        }
    }

    pub(crate) fn no_response(&mut self, call: CallId, callee: &UserId) {
        let Some(invitation) = self.take_invitation(call, callee, Ending::of(HowEnded::NoResponse)) else { return };
        for at in self.devices_of(callee) {
            if !self.is_owed(&at) {
                self.tell(&at, Event::OnCallingTimeOut { call_id: call });
            }
        }
        let event = Event::OnNoResp { call_id: call, user_id: callee.clone() };
        self.tell_member(call, &invitation.inviter, event);
        self.settle(call);
    }

    pub(crate) fn rejected(&mut self, call: CallId, at: &DeviceKey) {
        let ending = Ending { how: HowEnded::Rejected, by: Some(at), reason: None };
        let Some(invitation) = self.take_invitation(call, &at.user, ending) else { return };
        self.cancel_on_devices(call, &at.user, Some(at), Some(CancelReason::RejectedElsewhere));
        let event = Event::OnReject { call_id: call, user_id: at.user.clone() };
        self.tell_member(call, &invitation.inviter, event);
        self.settle(call);
    }

    pub(crate) fn cancel_invitation(&mut self, call: CallId, callee: &UserId, reason: Option<CancelReason>) {
        let ending = Ending { reason, ..Ending::of(HowEnded::Cancelled) };
        if self.take_invitation(call, callee, ending).is_some() {
            self.cancel_on_devices(call, callee, None, reason);
        }
    }

    /// The phones of a user stop ringing, but for the one where it was answered.
    pub(crate) fn cancel_on_devices(
        &mut self,
        call: CallId,
        user: &UserId,
        but: Option<&DeviceKey>,
        reason: Option<CancelReason>,
    ) {
        for at in self.devices_of(user) {
            if Some(&at) != but && !self.is_owed(&at) {
                self.tell(&at, Event::OnCallingCancel { call_id: call, reason });
            }
        }
    }

    /// Take an invitation out of its call, with its deadline, its ringing and its legs but the one that accepted.
    pub(crate) fn take_invitation(&mut self, call: CallId, callee: &UserId, ending: Ending<'_>) -> Option<Invitation> {
        let keep = ending.by.filter(|_| ending.how == HowEnded::Accepted);
        let found = self.calls.get_mut(&call)?;
        let index = found.invitations.iter().position(|i| i.callee == *callee)?;
        let invitation = found.invitations.remove(index);
        self.clear_due(Some(invitation.until), Due::Ring(call, callee.clone()));
        self.set_place(callee, Place::Free);
        for device in invitation.legs.keys() {
            let at = DeviceKey { user: callee.clone(), device: device.clone() };
            if Some(&at) != keep {
                self.media(MediaCommand::Drop { call, at });
            }
        }
        self.note(Note::InvitationEnded {
            call,
            callee: callee.clone(),
            how: ending.how,
            device: ending.by.map(|at| at.device.clone()),
            reason: ending.reason,
            stood: true,
            rang_ms: self.now.since(invitation.since),
        });
        Some(invitation)
    }

    fn note_invited(&mut self, asking: &Asking, callee: &UserId, until: Option<Millis>, rings: bool) {
        self.note(Note::Invited {
            call: asking.call,
            inviter: asking.inviter.clone(),
            callee: callee.clone(),
            kind: asking.invite.kind,
            others: asking.others(callee),
            is_from_group: asking.is_from_group,
            user_data: asking.invite.user_data.clone(),
            until,
            rings,
        });
    }

    /// An invitation that ends at once.
    pub(crate) fn never_stood(&mut self, asking: &Asking, callee: &UserId, how: HowEnded) {
        self.note_invited(asking, callee, None, false);
        let (call, callee) = (asking.call, callee.clone());
        self.note(Note::InvitationEnded { call, callee, how, device: None, reason: None, stood: false, rang_ms: 0 });
    }
}
