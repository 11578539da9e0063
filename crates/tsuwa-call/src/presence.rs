//! Who is signed in where: sign-in, renewal, sign-out, expiry.

use crate::call::MediaState;
use crate::due::Due;
use crate::user::{Device, Place};
use crate::{DeviceKey, DevicePolicy, MediaCommand, Output, SignedOutWhy, Switchboard};
use tsuwa_proto::{CancelReason, EndReason, Event, LeftHow, MediaMode, Millis, limits};

impl Switchboard {
    /// A new session on a device. Outputs come in this order: `SignedOut` of an older session of this very device
    /// (everything after it is for the new one), the ends of sessions that give way, then what is new for this one.
    pub(crate) fn sign_in(&mut self, at: DeviceKey, media: MediaMode, expires_at: Millis) {
        let replaced = self.device(&at).map(|d| d.expires_at);
        if let Some(was) = replaced {
            self.clear_due(Some(was), Due::Expiry(at.clone()));
            self.emit(Output::SignedOut { at: at.clone(), why: SignedOutWhy::Replaced });
        }
        let device = Device { media, socket_up: true, expires_at, expired: false, used_at: self.position };
        self.users.entry(at.user.clone()).or_default().devices.insert(at.device.clone(), device);
        self.set_due(expires_at, Due::Expiry(at.clone()));
        self.make_room_for(&at);
        self.pay(&at);
        match self.place(&at.user) {
            Place::Free => {}
            Place::Ringing(call) => {
                if replaced.is_some() {
                    self.forget_ready_leg(&at);
                }
                self.tell_invited(call, &at);
                self.prepare_legs(call, &at.user);
            }
            Place::InCall(_, device) if device == at.device => self.resume_call(&at, media),
            Place::InCall(..) => {}
        }
    }

    /// Devices that are too many give way: all the others under the policy of one, else the one longest unused.
    fn make_room_for(&mut self, at: &DeviceKey) {
        let others: Vec<_> = self.devices_of(&at.user).into_iter().filter(|other| other != at).collect();
        let leaving = match self.policy.devices {
            DevicePolicy::One => others,
            DevicePolicy::Many if others.len() < limits::DEVICES => return,
            DevicePolicy::Many => {
                let in_call = |d: &DeviceKey| matches!(self.place(&d.user), Place::InCall(_, dev) if dev == d.device);
                let unused = |d: &DeviceKey| self.device(d).map_or(0, |found| found.used_at);
                others.into_iter().filter(|d| !in_call(d)).min_by_key(unused).into_iter().collect()
            }
        };
        for other in &leaving {
            self.sign_out(other, SignedOutWhy::Kicked);
        }
    }

    /// The process of a device that is in a call is new: it learns who is there, and its media is offered anew.
    fn resume_call(&mut self, at: &DeviceKey, media: MediaMode) {
        let Place::InCall(call, _) = self.place(&at.user) else { return };
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_at(at)) else { return };
        let had_leg = member.media != MediaState::Exempt;
        let was = std::mem::replace(&mut member.media, MediaState::new(media));
        // A new process doesn't know what the old one had shut; what it sends is meant to be heard.
        member.sound.off = false;
        member.socket_up = true;
        if let MediaState::Coming { until } = was {
            self.clear_due(until, Due::MediaUp(call, at.user.clone()));
        }
        if had_leg {
            self.media(MediaCommand::Drop { call, at: at.clone() });
        }
        self.tell_who_is_in(call, at);
        if media == MediaMode::Webrtc {
            self.open_leg(call, at);
            self.admit(call, at);
        }
        self.weigh_loss(call, at);
        self.await_media(call);
    }

    /// The leg made ready for an older session of this device is of no use to the new one.
    fn forget_ready_leg(&mut self, at: &DeviceKey) {
        let Place::Ringing(call) = self.place(&at.user) else { return };
        let invitation = self.calls.get_mut(&call).and_then(|c| c.invitation_mut(&at.user));
        if invitation.and_then(|i| i.legs.remove(&at.device)).is_some() {
            self.media(MediaCommand::Drop { call, at: at.clone() });
        }
    }

    pub(crate) fn renew(&mut self, at: &DeviceKey, expires_at: Millis) {
        let Some(device) = self.device_mut(at) else { return };
        device.expired = false;
        let was = std::mem::replace(&mut device.expires_at, expires_at);
        self.clear_due(Some(was), Due::Expiry(at.clone()));
        self.set_due(expires_at, Due::Expiry(at.clone()));
    }

    pub(crate) fn ticket_expired(&mut self, at: &DeviceKey) {
        let Some(device) = self.device_mut(at) else { return };
        device.expired = true;
        self.tell(at, Event::OnUserSigExpired {});
    }

    /// The session was kept long enough after its socket.
    pub(crate) fn gone(&mut self, at: &DeviceKey) {
        if self.device(at).is_none() {
            return;
        }
        if let Place::InCall(call, device) = self.place(&at.user)
            && device == at.device
        {
            self.leave(call, &at.user, LeftHow::TimedOut, Some(CancelReason::CallerLost));
            self.owe(at, call, Some(EndReason::TimedOut));
        }
        self.remove_device(at);
    }

    /// End a session by somebody's act. The invitation that rings there stands: another device may answer it.
    pub(crate) fn sign_out(&mut self, at: &DeviceKey, why: SignedOutWhy) {
        if self.device(at).is_none() {
            return;
        }
        let (how, end) = match why {
            SignedOutWhy::LoggedOut | SignedOutWhy::Replaced => (LeftHow::LoggedOut, None),
            SignedOutWhy::Kicked => (LeftHow::SignedInElsewhere, Some(EndReason::SignedInElsewhere)),
            SignedOutWhy::Removed => (LeftHow::Removed, Some(EndReason::EndedByServer)),
        };
        if end.is_some() {
            self.tell(at, Event::OnKickedOffline {});
        }
        if let Place::InCall(call, device) = self.place(&at.user)
            && device == at.device
        {
            self.leave(call, &at.user, how, None);
            if end.is_some() {
                self.tell(at, Event::OnCallEnd { call_id: call, reason: end });
            }
        }
        self.emit(Output::SignedOut { at: at.clone(), why });
        self.remove_device(at);
    }

    fn remove_device(&mut self, at: &DeviceKey) {
        self.forget_ready_leg(at);
        let Some(user) = self.users.get_mut(&at.user) else { return };
        let Some(device) = user.devices.remove(&at.device) else { return };
        if !device.expired {
            self.clear_due(Some(device.expires_at), Due::Expiry(at.clone()));
        }
        self.forget_if_idle(&at.user);
    }
}
