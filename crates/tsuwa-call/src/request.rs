//! What a device may ask, and when. A refusal changes nothing.

use crate::ringing::Asking;
use crate::user::Place;
use crate::{DeviceKey, HowEnded, Reply, SignedOutWhy, Switchboard};
use tsuwa_proto::{
    Act, CallId, Code, Event, HangupTarget, InvitationId, Invite, LeftHow, MediaMode, Refusal, StreamKind, UserId,
    limits,
};

/// Where a request to invite goes.
enum Target {
    NewCall,
    Present(CallId),
}

impl Switchboard {
    pub(crate) fn request(&mut self, at: &DeviceKey, act: Act) {
        let position = self.position;
        if self.device(at).is_some_and(|device| !device.socket_up) {
            // Whoever asks is there, whatever the heartbeat thought.
            self.socket(at, true);
        }
        let Some(device) = self.device_mut(at) else { return self.reply(Err(Code::NotSignedIn.into())) };
        device.used_at = position;
        // Ending things is allowed with an old ticket: refusing a hang-up would keep a microphone open.
        let begins = matches!(act, Act::Call { .. } | Act::GroupCall { .. } | Act::Accept { .. });
        if device.expired && begins {
            return self.reply(Err(Code::SigExpired.into()));
        }
        let refused = match act {
            Act::Logout => {
                self.reply(Ok(Reply::Done));
                self.sign_out(at, SignedOutWhy::LoggedOut);
                Ok(())
            }
            Act::Call { user_id, invite } => self.call(at, user_id, invite),
            Act::GroupCall { user_ids, invite } => self.group_call(at, &user_ids, invite),
            Act::Accept { call_id, invitation_id } => {
                self.ringing(at, call_id, invitation_id).map(|call| self.join(call, at))
            }
            Act::Reject { call_id, invitation_id } => {
                self.ringing(at, call_id, invitation_id).map(|call| self.decline(call, at))
            }
            Act::Hangup { target, invitation_id } => self.hangup(at, target, invitation_id),
            Act::SetMicMute { call_id, is_mute } => self.source(at, call_id, StreamKind::Audio, is_mute),
            Act::SetCamera { call_id, is_open } => self.source(at, call_id, StreamKind::Video, !is_open),
        };
        if let Err(refusal) = refused {
            self.reply(Err(refusal));
        }
    }

    fn call(&mut self, at: &DeviceKey, callee: UserId, invite: Invite) -> Result<(), Refusal> {
        if callee == at.user {
            return Err(Refusal::new(Code::BadParameter, "userId: you can't call yourself"));
        }
        if let Place::Ringing(call) = self.place(&at.user) {
            // Glare: two who call each other are connected.
            if self.calls.get(&call).and_then(|c| c.invitation(&at.user)).is_some_and(|i| i.inviter == callee) {
                self.join(call, at);
                return Ok(());
            }
        }
        let into = self.inviting(at)?;
        if let Target::Present(call) = into
            && self.calls.get(&call).is_some_and(|c| c.concerns(&callee))
        {
            return Err(Code::AlreadyInvited.into());
        }
        self.callable(&at.user, &callee).map_err(Refusal::from)?;
        self.invite(at, into, vec![callee], &[], invite)
    }

    fn group_call(&mut self, at: &DeviceKey, listed: &[UserId], invite: Invite) -> Result<(), Refusal> {
        if listed.is_empty() {
            return Err(Refusal::new(Code::BadParameter, "userIds: nobody is listed"));
        }
        if listed.contains(&at.user) {
            return Err(Refusal::new(Code::BadParameter, "userIds: you can't call yourself"));
        }
        let into = self.inviting(at)?;
        let mut callees: Vec<UserId> = Vec::new();
        let mut refused: Vec<(UserId, Code)> = Vec::new();
        for callee in listed {
            let already = match into {
                Target::NewCall => false,
                Target::Present(call) => self.calls.get(&call).is_some_and(|c| c.concerns(callee)),
            };
            if already || callees.contains(callee) || refused.iter().any(|(user, _)| user == callee) {
                continue;
            }
            match self.callable(&at.user, callee) {
                Ok(()) => callees.push(callee.clone()),
                Err(code) => refused.push((callee.clone(), code)),
            }
        }
        if callees.is_empty() {
            return Err(refused.first().map_or(Code::AlreadyInvited, |(_, code)| *code).into());
        }
        let refused: Vec<UserId> = refused.into_iter().map(|(user, _)| user).collect();
        self.invite(at, into, callees, &refused, invite)
    }

    /// Where somebody may invite into: a call of its own, or a new one.
    fn inviting(&self, at: &DeviceKey) -> Result<Target, Refusal> {
        match self.place(&at.user) {
            Place::Free => Ok(Target::NewCall),
            Place::InCall(call, device) if device == at.device => Ok(Target::Present(call)),
            Place::InCall(..) => Err(Refusal::new(Code::WrongState, "another device of yours is in a call")),
            Place::Ringing(_) => Err(Refusal::new(Code::WrongState, "a call rings here; accept or reject it first")),
        }
    }

    fn callable(&self, caller: &UserId, callee: &UserId) -> Result<(), Code> {
        if self.policy.closed_list && !self.listed.contains(callee) {
            return Err(Code::UserUnknown);
        }
        if self.blocks.get(callee).is_some_and(|blocked| blocked.contains(caller)) {
            return Err(Code::Blocked);
        }
        Ok(())
    }

    fn invite(
        &mut self,
        at: &DeviceKey,
        into: Target,
        callees: Vec<UserId>,
        refused: &[UserId],
        invite: Invite,
    ) -> Result<(), Refusal> {
        let present = match into {
            Target::NewCall => 1,
            Target::Present(call) => self.calls.get(&call).map_or(1, |c| c.people()),
        };
        let people = present + callees.len();
        if people > limits::PEOPLE {
            return Err(Refusal::new(Code::BadParameter, "at most 9 people in a call and invited together"));
        }
        let with_media = self.device(at).is_some_and(|d| d.media == MediaMode::Webrtc);
        let call = match into {
            Target::NewCall if with_media && !self.capacity => return Err(Code::NoMediaWorker.into()),
            Target::NewCall => self.begin(at, invite.kind),
            Target::Present(call) => call,
        };
        let kind = invite.kind;
        let invitation_id =
            self.calls.get(&call).and_then(|c| c.member(&at.user)).map(|m| m.invitation).unwrap_or_default();
        self.reply(Ok(Reply::Call { call_id: call, invitation_id, kind }));
        let asking = Asking { call, inviter: at.user.clone(), invite, callees, is_from_group: people > 2 };
        for callee in refused {
            self.never_stood(&asking, callee, HowEnded::Rejected);
            self.tell(at, Event::OnReject { call_id: call, user_id: callee.clone() });
        }
        self.ask(&asking);
        if matches!(into, Target::NewCall)
            && with_media
            && self.calls.get(&call).is_some_and(|c| !c.invitations.is_empty())
        {
            self.open_leg(call, at);
            self.admit(call, at);
        }
        if kind == tsuwa_proto::CallType::Video {
            self.offer_video(call);
        }
        for callee in &asking.callees {
            self.prepare_legs(call, callee);
        }
        self.settle(call);
        Ok(())
    }
}

/// Requests of those who are in a call, or rung by one: each names it.
impl Switchboard {
    /// The call that rings at this user, if the answer names it, and this ringing of it.
    fn ringing(
        &self,
        at: &DeviceKey,
        named: Option<CallId>,
        answered: Option<InvitationId>,
    ) -> Result<CallId, Refusal> {
        match (self.place(&at.user), named) {
            (Place::Ringing(call), Some(named)) if call == named && self.is_by(call, &at.user, answered) => Ok(call),
            (_, Some(named)) => Err(self.over_or_not_yours(&at.user, named)),
            (Place::Ringing(_), None) => Err(Refusal::new(Code::BadParameter, "callId: is missing")),
            (_, None) => Err(Refusal::new(Code::WrongState, "nothing rings here")),
        }
    }

    /// Whether this is the invitation that rings at the user, or by which it is in the call. One that is not named is.
    fn is_by(&self, call: CallId, user: &UserId, named: Option<InvitationId>) -> bool {
        let Some(found) = self.calls.get(&call) else { return false };
        let by = found.invitation(user).map(|i| i.id).or_else(|| found.member(user).map(|m| m.invitation));
        named.is_none() || named == by
    }

    fn over_or_not_yours(&self, user: &UserId, call: CallId) -> Refusal {
        match self.calls.get(&call) {
            Some(found) if !found.known.contains(user) => Code::InvitationNotYours.into(),
            _ => Code::InvitationOver.into(),
        }
    }

    fn decline(&mut self, call: CallId, at: &DeviceKey) {
        self.reply(Ok(Reply::Done));
        self.rejected(call, at);
    }

    /// The call that this device is in, if the request names it.
    fn own_call(&self, at: &DeviceKey, named: CallId) -> Result<CallId, Refusal> {
        match self.place(&at.user) {
            Place::InCall(call, device) if call == named && device == at.device => Ok(call),
            Place::InCall(call, _) if call == named => {
                Err(Refusal::new(Code::WrongState, "another device of yours is in this call"))
            }
            Place::Ringing(call) if call == named => Err(Refusal::new(Code::WrongState, "the call still rings here")),
            _ => Err(self.over_or_not_yours(&at.user, named)),
        }
    }

    fn hangup(
        &mut self,
        at: &DeviceKey,
        target: HangupTarget,
        invitation: Option<InvitationId>,
    ) -> Result<(), Refusal> {
        // The session resolves a request's number to its call; what is left began none.
        let HangupTarget::Call(named) = target else { return Err(Code::InvitationOver.into()) };
        if !self.is_by(named, &at.user, invitation) {
            return Err(self.over_or_not_yours(&at.user, named));
        }
        if self.place(&at.user) == Place::Ringing(named) {
            self.decline(named, at);
            return Ok(());
        }
        let call = self.own_call(at, named)?;
        self.reply(Ok(Reply::Done));
        self.leave(call, &at.user, LeftHow::HungUp, None);
        Ok(())
    }

    fn source(&mut self, at: &DeviceKey, named: CallId, kind: StreamKind, off: bool) -> Result<(), Refusal> {
        let call = self.own_call(at, named)?;
        self.reply(Ok(Reply::Done));
        self.set_source(call, at, kind, off);
        Ok(())
    }
}
