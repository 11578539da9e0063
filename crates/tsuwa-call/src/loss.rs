//! Members who are lost, come back, or don't; and media that never comes up.
//!
//! A member is lost when its socket is gone or its media is: both must be back before the grace ends.

use crate::call::MediaState;
use crate::due::Due;
use crate::user::Place;
use crate::{DeviceKey, Switchboard};
use tsuwa_proto::{CallId, CancelReason, Code, EndReason, Event, LeftHow, Quality, UserId, limits};

impl Switchboard {
    /// The device's socket went or is back.
    pub(crate) fn socket(&mut self, at: &DeviceKey, up: bool) {
        let Some(device) = self.device_mut(at) else { return };
        device.socket_up = up;
        if let Place::InCall(call, _) = self.place(&at.user)
            && let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_at(at))
        {
            member.socket_up = up;
            let coming = matches!(member.media, MediaState::Coming { .. });
            self.weigh_loss(call, at);
            if up && coming {
                self.restart_media_deadline(call, &at.user);
            }
        }
        if up && self.is_owed(at) {
            self.pay(at);
            if let Place::Ringing(call) = self.place(&at.user) {
                self.tell_invited(call, at);
            }
        }
    }

    /// After a change of a member's socket or media: is it lost now, or back?
    pub(crate) fn weigh_loss(&mut self, call: CallId, at: &DeviceKey) {
        let until = self.now.plus(self.policy.grace_ms);
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_at(at)) else { return };
        let lost = !member.socket_up || member.media == MediaState::Lost;
        match (member.lost_until, lost) {
            (None, true) => {
                member.lost_until = Some(until);
                self.set_due(until, Due::Grace(call, at.user.clone()));
                self.tell_quality(call, &at.user, Quality::Down);
            }
            (Some(was_until), false) => {
                member.lost_until = None;
                self.clear_due(Some(was_until), Due::Grace(call, at.user.clone()));
                // Nothing is measured yet; the periodic quality follows.
                self.tell_quality(call, &at.user, Quality::Unknown);
            }
            _ => {}
        }
    }

    fn tell_quality(&mut self, call: CallId, user: &UserId, quality: Quality) {
        let event = Event::OnNetworkQuality { call_id: call, user_id: user.clone(), quality };
        self.tell_others(call, user, &event);
    }

    pub(crate) fn grace_over(&mut self, call: CallId, user: &UserId) {
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_mut(user)) else { return };
        member.lost_until = None;
        let (at, reachable) = (member.at.clone(), member.socket_up);
        self.leave(call, user, LeftHow::TimedOut, Some(CancelReason::CallerLost));
        if reachable {
            self.tell(&at, Event::OnCallEnd { call_id: call, reason: Some(EndReason::TimedOut) });
        } else {
            self.owe(&at, call, Some(EndReason::TimedOut));
        }
    }

    /// A member's media did not come up in time, or can't.
    pub(crate) fn media_failed(&mut self, call: CallId, user: &UserId) {
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_mut(user)) else { return };
        if let MediaState::Coming { until } = std::mem::replace(&mut member.media, MediaState::Coming { until: None }) {
            self.clear_due(until, Due::MediaUp(call, user.clone()));
        }
        let Some(member) = self.calls.get(&call).and_then(|c| c.member(user)) else { return };
        let at = member.at.clone();
        let how = if member.had_media { LeftHow::TimedOut } else { LeftHow::MediaFailed };
        self.leave(call, user, how, None);
        let code = Code::MediaFailed;
        self.tell(&at, Event::OnError { code, msg: code.text().to_owned(), call_id: Some(call) });
        self.tell(&at, Event::OnCallEnd { call_id: call, reason: Some(EndReason::MediaFailed) });
    }

    /// From the moment there is somebody to talk to, media has so long to come up.
    pub(crate) fn await_media(&mut self, call: CallId) {
        let Some(found) = self.calls.get(&call) else { return };
        if found.members.len() < 2 {
            return;
        }
        let waiting = |state: &MediaState| matches!(state, MediaState::Coming { until: None });
        let users: Vec<_> = found.members.iter().filter(|m| waiting(&m.media)).map(|m| m.at.user.clone()).collect();
        for user in &users {
            self.restart_media_deadline(call, user);
        }
    }

    pub(crate) fn restart_media_deadline(&mut self, call: CallId, user: &UserId) {
        let until = self.now.plus(limits::MEDIA_UP_MS);
        let Some(found) = self.calls.get_mut(&call) else { return };
        let wanted = found.members.len() > 1;
        let Some(member) = found.member_mut(user) else { return };
        let MediaState::Coming { until: was } = &mut member.media else { return };
        let was = std::mem::replace(was, wanted.then_some(until));
        self.clear_due(was, Due::MediaUp(call, user.clone()));
        if wanted {
            self.set_due(until, Due::MediaUp(call, user.clone()));
        }
    }

    /// The process has started: nobody's socket is there, and every room is to be made anew.
    pub(crate) fn started(&mut self) {
        // A server that stops says that it takes no more; the next one has not said anything yet.
        self.capacity = true;
        for user in self.users.values_mut() {
            for device in user.devices.values_mut() {
                device.socket_up = false;
            }
        }
        let calls: Vec<_> = self.calls.keys().copied().collect();
        for call in calls {
            let Some(found) = self.calls.get_mut(&call) else { continue };
            let mut members = Vec::new();
            for member in &mut found.members {
                member.socket_up = false;
                let was_until = member.lost_until.take();
                members.push((member.at.clone(), was_until));
            }
            for (at, was_until) in &members {
                self.clear_due(*was_until, Due::Grace(call, at.user.clone()));
            }
            self.reopen(call);
            for (at, _) in &members {
                self.weigh_loss(call, at);
            }
        }
    }
}
