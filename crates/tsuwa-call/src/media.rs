//! What the media rooms are told, and what they report.

use crate::call::MediaState;
use crate::due::Due;
use crate::{DeviceKey, MediaCommand, MediaReport, Switchboard};
use tsuwa_proto::{CallId, CancelReason, Code, EndReason, Event, StreamKind, UserId};

impl Switchboard {
    /// A leg for a device, and the room if it is the first.
    pub(crate) fn open_leg(&mut self, call: CallId, at: &DeviceKey) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        let video = found.video;
        if !std::mem::replace(&mut found.room, true) {
            self.media(MediaCommand::Open { call });
        }
        self.media(MediaCommand::Leg { call, at: at.clone(), video });
    }

    /// Let a member's leg send and receive, within what the member has shut itself.
    pub(crate) fn admit(&mut self, call: CallId, at: &DeviceKey) {
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_at(at)) else { return };
        let shut = [(StreamKind::Audio, member.sound.off), (StreamKind::Video, member.picture.off)];
        for (kind, off) in shut {
            if off {
                self.media(MediaCommand::Mute { call, at: at.clone(), kind, muted: true });
            }
        }
        self.media(MediaCommand::Admit { call, at: at.clone() });
    }

    /// Somebody's picture is wanted: offer pictures to every leg that has none yet.
    pub(crate) fn offer_video(&mut self, call: CallId) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        if std::mem::replace(&mut found.video, true) {
            return;
        }
        for at in self.legs_of(call) {
            self.media(MediaCommand::Leg { call, at, video: true });
        }
    }

    /// Every device that has a leg: members with media, and prepared devices of those who ring.
    fn legs_of(&self, call: CallId) -> Vec<DeviceKey> {
        let Some(found) = self.calls.get(&call) else { return Vec::new() };
        let members = found.members.iter().filter(|m| m.media != MediaState::Exempt).map(|m| m.at.clone());
        let ringing = found
            .invitations
            .iter()
            .flat_map(|i| i.legs.keys().map(|device| DeviceKey { user: i.callee.clone(), device: device.clone() }));
        members.chain(ringing).collect()
    }

    /// Place the call anew: its room, or the whole process, is gone.
    pub(crate) fn reopen(&mut self, call: CallId) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        if !std::mem::take(&mut found.room) {
            return;
        }
        for invitation in &mut found.invitations {
            invitation.legs.values_mut().for_each(|up| *up = false);
        }
        let mut members = Vec::new();
        for member in found.members.iter_mut().filter(|m| m.media != MediaState::Exempt) {
            let was = std::mem::replace(&mut member.media, MediaState::Coming { until: None });
            let was_until = if let MediaState::Coming { until } = was { until } else { None };
            members.push((member.at.clone(), was_until));
        }
        for (at, was_until) in &members {
            self.clear_due(*was_until, Due::MediaUp(call, at.user.clone()));
        }
        for at in self.legs_of(call) {
            self.open_leg(call, &at);
        }
        for (at, _) in &members {
            self.admit(call, at);
            self.weigh_loss(call, at);
        }
        self.await_media(call);
    }

    pub(crate) fn report(&mut self, report: MediaReport) {
        match report {
            MediaReport::Placed { .. } => {}
            MediaReport::PlaceFailed { call } => self.place_failed(call),
            MediaReport::RoomLost { call } => self.reopen(call),
            MediaReport::Up { call, at } | MediaReport::Back { call, at } => self.media_up(call, &at),
            MediaReport::Lost { call, at } => {
                self.media_lost(call, &at);
            }
            MediaReport::Failed { call, at } => self.leg_failed(call, &at),
            MediaReport::Flowing { call, at, kind } => self.flowing(call, &at, kind),
        }
    }

    fn place_failed(&mut self, call: CallId) {
        let Some(found) = self.calls.get(&call) else { return };
        let members: Vec<_> = found.members.iter().map(|m| m.at.clone()).collect();
        let code = Code::NoMediaWorker;
        for at in &members {
            self.tell(at, Event::OnError { code, msg: code.text().to_owned(), call_id: Some(call) });
        }
        self.end_for_all(call, Some(EndReason::MediaFailed), Some(CancelReason::EndedByServer));
    }

    fn media_up(&mut self, call: CallId, at: &DeviceKey) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        if let Some(member) = found.member_at(at) {
            member.had_media = true;
            match std::mem::replace(&mut member.media, MediaState::Up) {
                MediaState::Exempt => member.media = MediaState::Exempt,
                MediaState::Coming { until } => self.clear_due(until, Due::MediaUp(call, at.user.clone())),
                MediaState::Up => {}
                MediaState::Lost => self.weigh_loss(call, at),
            }
        } else if let Some(up) = found.invitation_mut(&at.user).and_then(|i| i.legs.get_mut(&at.device)) {
            *up = true;
        }
    }

    fn media_lost(&mut self, call: CallId, at: &DeviceKey) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        if let Some(member) = found.member_at(at) {
            if member.media == MediaState::Up {
                member.media = MediaState::Lost;
                self.weigh_loss(call, at);
            }
        } else if let Some(up) = found.invitation_mut(&at.user).and_then(|i| i.legs.get_mut(&at.device)) {
            *up = false;
        }
    }

    fn leg_failed(&mut self, call: CallId, at: &DeviceKey) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        if found.member_at(at).is_some() {
            self.media_failed(call, &at.user);
        } else if found.invitation_mut(&at.user).and_then(|i| i.legs.remove(&at.device)).is_some() {
            // It rings on; media is offered anew if this device accepts.
            self.media(MediaCommand::Drop { call, at: at.clone() });
        }
    }

    fn flowing(&mut self, call: CallId, at: &DeviceKey, kind: StreamKind) {
        let Some(member) = self.calls.get_mut(&call).and_then(|c| c.member_at(at)) else { return };
        let source = match kind {
            StreamKind::Audio => &mut member.sound,
            StreamKind::Video => &mut member.picture,
        };
        if source.off || std::mem::replace(&mut source.available, true) {
            return;
        }
        let event = available(call, at.user.clone(), kind);
        self.tell_others(call, &at.user, &event);
    }
}

fn available(call_id: CallId, user_id: UserId, kind: StreamKind) -> Event {
    match kind {
        StreamKind::Audio => Event::OnUserAudioAvailable { call_id, user_id, available: true },
        StreamKind::Video => Event::OnUserVideoAvailable { call_id, user_id, available: true },
    }
}
