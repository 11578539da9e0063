//! The specification: who is in which call, who is invited by whom, and until when. It knows no events and no media
//! rooms, and says of each step how it is to be answered and who is where afterwards.

use crate::canonical::FAR;
use std::collections::{BTreeMap, BTreeSet};
use tsuwa_call::{DeviceKey, MediaReport};
use tsuwa_proto::{Act, CallId, Code, DeviceId, HangupTarget, InvitationId, Millis, UserId, limits};

/// A ringing of the same call that is over: no invitation of a model has this number.
pub(crate) const EARLIER: InvitationId = InvitationId(u64::MAX);

/// The times of a model, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Times {
    pub(crate) ring_ms: u64,
    pub(crate) grace_ms: u64,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Rules {
    pub(crate) times: Times,
    pub(crate) one_device: bool,
    /// Who is signed in, and whether its socket is there.
    pub(crate) devices: BTreeMap<DeviceKey, bool>,
    pub(crate) calls: BTreeMap<CallId, Call>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Call {
    pub(crate) members: BTreeMap<UserId, Member>,
    pub(crate) ringing: BTreeMap<UserId, Ringing>,
    known: BTreeSet<UserId>,
    room: bool,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Member {
    pub(crate) device: DeviceId,
    pub(crate) media: Media,
    pub(crate) lost_until: Option<Millis>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Ringing {
    pub(crate) inviter: UserId,
    pub(crate) until: Millis,
    /// The devices whose media is up already.
    ready: BTreeSet<DeviceId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Media {
    Coming(Option<Millis>),
    Up,
    Lost,
}

/// Where a user is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Free,
    Ringing(CallId),
    In(CallId, DeviceId),
}

/// What can be due, in the order in which it is taken if several are due at once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Ring,
    Grace,
    Media,
}

impl Rules {
    pub(crate) fn place(&self, user: &UserId) -> Place {
        for (id, call) in &self.calls {
            if let Some(member) = call.members.get(user) {
                return Place::In(*id, member.device.clone());
            }
            if call.ringing.contains_key(user) {
                return Place::Ringing(*id);
            }
        }
        Place::Free
    }

    /// A request of a device. `Ok` with the call that it began, joined or invited into.
    pub(crate) fn ask(
        &mut self,
        at: &DeviceKey,
        act: &Act,
        fresh: CallId,
        now: Millis,
    ) -> Result<Option<CallId>, Code> {
        if !self.devices.contains_key(at) {
            return Err(Code::NotSignedIn);
        }
        // Whoever asks is there.
        self.socket(at, true, now);
        match act {
            Act::Accept { call_id: Some(named), invitation_id: Some(EARLIER) }
            | Act::Reject { call_id: Some(named), invitation_id: Some(EARLIER) }
            | Act::Hangup { target: HangupTarget::Call(named), invitation_id: Some(EARLIER) } => {
                Err(self.over_or_not_yours(at, *named))
            }
            Act::Call { user_id, .. } => self.invite(at, std::slice::from_ref(user_id), true, fresh, now).map(Some),
            Act::GroupCall { user_ids, .. } => self.invite(at, user_ids, false, fresh, now).map(Some),
            Act::Accept { call_id: Some(named), .. } => {
                self.ringing(at, *named)?;
                self.join(*named, at, now);
                Ok(Some(*named))
            }
            Act::Reject { call_id: Some(named), .. } => {
                self.ringing(at, *named)?;
                self.unring(*named, &at.user);
                Ok(None)
            }
            Act::Hangup { target: HangupTarget::Call(named), .. } => {
                match self.place(&at.user) {
                    Place::Ringing(call) if call == *named => self.unring(call, &at.user),
                    Place::In(call, device) if call == *named && device == at.device => self.leave(call, &at.user),
                    Place::In(call, _) if call == *named => return Err(Code::WrongState),
                    _ => return Err(self.over_or_not_yours(at, *named)),
                }
                Ok(None)
            }
            Act::Logout => {
                self.sign_out(at);
                Ok(None)
            }
            _ => unreachable!("the model makes no other request"),
        }
    }

    fn ringing(&self, at: &DeviceKey, named: CallId) -> Result<(), Code> {
        if self.place(&at.user) == Place::Ringing(named) { Ok(()) } else { Err(self.over_or_not_yours(at, named)) }
    }

    fn over_or_not_yours(&self, at: &DeviceKey, named: CallId) -> Code {
        match self.calls.get(&named) {
            Some(call) if !call.known.contains(&at.user) => Code::InvitationNotYours,
            _ => Code::InvitationOver,
        }
    }

    fn invite(
        &mut self,
        at: &DeviceKey,
        listed: &[UserId],
        may_answer: bool,
        fresh: CallId,
        now: Millis,
    ) -> Result<CallId, Code> {
        let call = match self.place(&at.user) {
            Place::Ringing(call) => {
                let glare = self.calls[&call].ringing[&at.user].inviter == listed[0];
                if !(may_answer && glare) {
                    return Err(Code::WrongState);
                }
                self.join(call, at, now);
                return Ok(call);
            }
            Place::In(call, device) if device == at.device => call,
            Place::In(..) => return Err(Code::WrongState),
            Place::Free => fresh,
        };
        let concerned = |user: &UserId| {
            self.calls.get(&call).is_some_and(|c| c.members.contains_key(user) || c.ringing.contains_key(user))
        };
        let callees: Vec<UserId> = listed.iter().filter(|user| !concerned(user)).cloned().collect();
        if callees.is_empty() {
            return Err(Code::AlreadyInvited);
        }
        let free: Vec<UserId> = callees.into_iter().filter(|user| self.place(user) == Place::Free).collect();
        let found = self.calls.entry(call).or_default();
        if call == fresh {
            found.known.insert(at.user.clone());
            let media = Media::Coming(None);
            found.members.insert(at.user.clone(), Member { device: at.device.clone(), media, lost_until: None });
            found.room = !free.is_empty();
        }
        for callee in free {
            found.known.insert(callee.clone());
            let until = now.plus(self.times.ring_ms);
            found.ringing.insert(callee, Ringing { inviter: at.user.clone(), until, ready: BTreeSet::new() });
        }
        self.settle(call);
        Ok(call)
    }

    fn join(&mut self, call: CallId, at: &DeviceKey, now: Millis) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        let Some(invitation) = found.ringing.remove(&at.user) else { return };
        let media = if invitation.ready.contains(&at.device) { Media::Up } else { Media::Coming(None) };
        found.members.insert(at.user.clone(), Member { device: at.device.clone(), media, lost_until: None });
        found.await_media(now);
    }

    fn unring(&mut self, call: CallId, user: &UserId) {
        if let Some(found) = self.calls.get_mut(&call) {
            found.ringing.remove(user);
        }
        self.settle(call);
    }

    /// An invitation goes with its inviter.
    fn leave(&mut self, call: CallId, user: &UserId) {
        if let Some(found) = self.calls.get_mut(&call) {
            found.members.remove(user);
            found.ringing.retain(|_, invitation| invitation.inviter != *user);
        }
        self.settle(call);
    }

    /// Nobody stays alone with nobody to wait for.
    fn settle(&mut self, call: CallId) {
        let over = |c: &Call| c.members.is_empty() || c.members.len() == 1 && c.ringing.is_empty();
        if self.calls.get(&call).is_some_and(over) {
            self.calls.remove(&call);
        }
    }

    pub(crate) fn sign_in(&mut self, at: &DeviceKey, now: Millis) {
        if self.one_device {
            let others: Vec<_> = self.devices.keys().filter(|d| d.user == at.user && *d != at).cloned().collect();
            others.iter().for_each(|other| self.sign_out(other));
        }
        self.devices.insert(at.clone(), true);
        for call in self.calls.values_mut() {
            if let Some(ringing) = call.ringing.get_mut(&at.user) {
                ringing.ready.remove(&at.device);
            }
            if let Some(member) = call.members.get_mut(&at.user).filter(|m| m.device == at.device) {
                member.media = Media::Coming(None);
                member.lost_until = None;
                call.await_media(now);
            }
        }
    }

    pub(crate) fn sign_out(&mut self, at: &DeviceKey) {
        if let Place::In(call, device) = self.place(&at.user)
            && device == at.device
        {
            self.leave(call, &at.user);
        }
        self.devices.remove(at);
        for call in self.calls.values_mut() {
            if let Some(ringing) = call.ringing.get_mut(&at.user) {
                ringing.ready.remove(&at.device);
            }
        }
    }

    pub(crate) fn end(&mut self, call: CallId) {
        self.calls.remove(&call);
    }
}

/// Loss, and time.
impl Rules {
    pub(crate) fn socket(&mut self, at: &DeviceKey, up: bool, now: Millis) {
        let Some(was) = self.devices.insert(at.clone(), up) else { return };
        let Place::In(call, device) = self.place(&at.user) else { return };
        if device == at.device && was != up {
            self.weigh(call, &at.user, now);
            if let Some(found) = self.calls.get_mut(&call).filter(|_| up) {
                found.await_media_of(&at.user, now);
            }
        }
    }

    /// Lost is whose socket or whose media is; both must be back before the grace ends.
    fn weigh(&mut self, call: CallId, user: &UserId, now: Millis) {
        let until = now.plus(self.times.grace_ms);
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.members.get_mut(user)) else { return };
        let at = DeviceKey { user: user.clone(), device: member.device.clone() };
        let lost = self.devices.get(&at) != Some(&true) || member.media == Media::Lost;
        member.lost_until = lost.then(|| member.lost_until.unwrap_or(until));
    }

    /// The process is new: no socket is there, rooms are made anew, every grace begins anew; ringing goes on.
    pub(crate) fn restart(&mut self, now: Millis) {
        self.devices.values_mut().for_each(|up| *up = false);
        for (call, user) in self.members() {
            if let Some(member) = self.calls.get_mut(&call).and_then(|c| c.members.get_mut(&user)) {
                member.lost_until = None;
            }
            self.weigh(call, &user, now);
        }
        let calls: Vec<CallId> = self.calls.keys().copied().collect();
        calls.into_iter().for_each(|call| self.room_lost(call, now));
    }

    fn room_lost(&mut self, call: CallId, now: Millis) {
        let Some(found) = self.calls.get_mut(&call).filter(|c| c.room) else { return };
        found.ringing.values_mut().for_each(|ringing| ringing.ready.clear());
        found.members.values_mut().for_each(|member| member.media = Media::Coming(None));
        found.await_media(now);
        for (call, user) in self.members().into_iter().filter(|(of, _)| *of == call) {
            self.weigh(call, &user, now);
        }
    }

    fn members(&self) -> Vec<(CallId, UserId)> {
        self.calls.iter().flat_map(|(call, found)| found.members.keys().map(|user| (*call, user.clone()))).collect()
    }

    pub(crate) fn report(&mut self, report: &MediaReport, now: Millis) {
        let (call, at, is_up) = match report {
            MediaReport::Up { call, at } | MediaReport::Back { call, at } => (call, at, true),
            MediaReport::Lost { call, at } | MediaReport::Failed { call, at } => (call, at, false),
            MediaReport::RoomLost { call } => return self.room_lost(*call, now),
            MediaReport::PlaceFailed { call } => return self.end(*call),
            MediaReport::Placed { .. } | MediaReport::Flowing { .. } => return,
        };
        let Some(found) = self.calls.get_mut(call) else { return };
        if let Some(ringing) = found.ringing.get_mut(&at.user) {
            if is_up {
                ringing.ready.insert(at.device.clone())
            } else {
                ringing.ready.remove(&at.device)
            };
            return;
        }
        let Some(member) = found.members.get_mut(&at.user).filter(|m| m.device == at.device) else { return };
        if matches!(report, MediaReport::Failed { .. }) {
            return self.leave(*call, &at.user);
        }
        if is_up {
            member.media = Media::Up;
        } else if member.media == Media::Up {
            member.media = Media::Lost;
        }
        self.weigh(*call, &at.user, now);
    }

    /// Everything that is due comes to pass.
    pub(crate) fn tick(&mut self, now: Millis) {
        while let Some((_, due, call, user)) = self.first_due(now) {
            match due {
                Due::Ring => self.unring(call, &user),
                Due::Grace | Due::Media => self.leave(call, &user),
            }
        }
    }

    fn first_due(&self, now: Millis) -> Option<(Millis, Due, CallId, UserId)> {
        let mut all = Vec::new();
        for (id, call) in &self.calls {
            for (user, ringing) in &call.ringing {
                all.push((ringing.until, Due::Ring, *id, user.clone()));
            }
            for (user, member) in &call.members {
                if let Some(until) = member.lost_until {
                    all.push((until, Due::Grace, *id, user.clone()));
                }
                if let Media::Coming(Some(until)) = member.media {
                    all.push((until, Due::Media, *id, user.clone()));
                }
            }
        }
        all.into_iter().filter(|(at, ..)| *at <= now).min()
    }

    /// The first moment that somebody waits for; no ticket's end is among them.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.first_due(Millis(FAR)).map(|(at, ..)| at)
    }
}

impl Call {
    /// From the moment there is somebody to talk to, media has so long to come up.
    fn await_media(&mut self, now: Millis) {
        if self.members.len() > 1 {
            for member in self.members.values_mut().filter(|m| m.media == Media::Coming(None)) {
                member.media = Media::Coming(Some(now.plus(limits::MEDIA_UP_MS)));
            }
        }
    }

    fn await_media_of(&mut self, user: &UserId, now: Millis) {
        let wanted = (self.members.len() > 1).then(|| now.plus(limits::MEDIA_UP_MS));
        if let Some(member) = self.members.get_mut(user).filter(|m| matches!(m.media, Media::Coming(_))) {
            member.media = Media::Coming(wanted);
        }
    }
}
