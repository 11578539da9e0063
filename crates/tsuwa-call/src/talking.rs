//! Who is in a call: beginning one, joining it, leaving it, and its end.

use crate::call::{Call, MediaState, Member, Source};
use crate::due::Due;
use crate::ringing::Ending;
use crate::user::Place;
use crate::{DeviceKey, HowEnded, MediaCommand, Note, Reply, Switchboard};
use std::collections::BTreeSet;
use tsuwa_proto::{
    CallId, CallType, CancelReason, EndReason, Event, InvitationId, LeaveReason, LeftHow, MediaMode, Quality,
    StreamKind, UserId,
};

impl Switchboard {
    /// Begin a call with its caller alone in it.
    pub(crate) fn begin(&mut self, at: &DeviceKey, kind: CallType) -> CallId {
        let call = CallId(self.position);
        let member = self.new_member(at, InvitationId::NONE, kind);
        let begun = Call {
            started_at: self.now,
            members: vec![member],
            invitations: Vec::new(),
            known: BTreeSet::from([at.user.clone()]),
            two_since: None,
            talked_ms: None,
            room: false,
            video: kind == CallType::Video,
        };
        self.calls.insert(call, begun);
        self.set_place(&at.user, Place::InCall(call, at.device.clone()));
        self.note(Note::CallStarted { call, caller: at.clone(), kind });
        call
    }

    fn new_member(&self, at: &DeviceKey, invitation: InvitationId, kind: CallType) -> Member {
        let device = self.device(at);
        Member {
            at: at.clone(),
            invitation,
            kind,
            sound: Source::default(),
            // Each side opens only what its own request or invitation named.
            picture: Source { off: kind == CallType::Audio, available: false },
            socket_up: device.is_none_or(|d| d.socket_up),
            media: MediaState::new(device.map_or(MediaMode::None, |d| d.media)),
            had_media: false,
            lost_until: None,
        }
    }

    /// The callee's answer: from here on, and not before, it is heard and hears.
    pub(crate) fn join(&mut self, call: CallId, at: &DeviceKey) {
        let ending = Ending { how: HowEnded::Accepted, by: Some(at), reason: None };
        let Some(invitation) = self.take_invitation(call, &at.user, ending) else { return };
        let (invitation_id, kind) = (invitation.id, invitation.kind);
        let mut member = self.new_member(at, invitation_id, kind);
        let leg = invitation.legs.get(&at.device).copied();
        if leg == Some(true) && member.media != MediaState::Exempt {
            member.media = MediaState::Up;
            member.had_media = true;
        }
        self.reply(Ok(Reply::Call { call_id: call, invitation_id, kind }));
        self.cancel_on_devices(call, &at.user, Some(at), Some(CancelReason::AnsweredElsewhere));
        self.set_place(&at.user, Place::InCall(call, at.device.clone()));
        self.tell_others(call, &at.user, &Event::OnUserEnter { call_id: call, user_id: at.user.clone() });
        self.tell_who_is_in(call, at);
        let carries_media = member.media != MediaState::Exempt;
        let now = self.now;
        if let Some(found) = self.calls.get_mut(&call) {
            found.members.push(member);
            found.two_since.get_or_insert(now);
        }
        if carries_media {
            if leg.is_none() {
                self.open_leg(call, at);
            }
            self.admit(call, at);
        }
        self.await_media(call);
    }

    /// For somebody new, or whose process is new: everybody who is there, and what can be heard and seen of them.
    pub(crate) fn tell_who_is_in(&mut self, call: CallId, to: &DeviceKey) {
        let Some(found) = self.calls.get(&call) else { return };
        let others: Vec<_> = found.members.iter().filter(|m| m.at.user != to.user).cloned().collect();
        for other in &others {
            self.tell(to, Event::OnUserEnter { call_id: call, user_id: other.at.user.clone() });
        }
        for other in others {
            let user_id = other.at.user;
            if other.sound.available {
                let event = Event::OnUserAudioAvailable { call_id: call, user_id: user_id.clone(), available: true };
                self.tell(to, event);
            }
            if other.picture.available {
                let event = Event::OnUserVideoAvailable { call_id: call, user_id: user_id.clone(), available: true };
                self.tell(to, event);
            }
            if other.lost_until.is_some() {
                self.tell(to, Event::OnNetworkQuality { call_id: call, user_id, quality: Quality::Down });
            }
        }
    }

    /// A member is in it no longer: the others are told, its invitations are withdrawn. What the leaver itself is
    /// told is for the caller of this to say.
    pub(crate) fn leave(&mut self, call: CallId, user: &UserId, how: LeftHow, cancel: Option<CancelReason>) {
        let reason = match how {
            LeftHow::TimedOut | LeftHow::MediaFailed => LeaveReason::TimedOut,
            LeftHow::SignedInElsewhere | LeftHow::Removed => LeaveReason::Removed,
            LeftHow::HungUp | LeftHow::LoggedOut | LeftHow::EndedByServer | LeftHow::LastOne => LeaveReason::Left,
        };
        let Some(found) = self.calls.get_mut(&call) else { return };
        let Some(index) = found.members.iter().position(|m| m.at.user == *user) else { return };
        let member = found.members.remove(index);
        if found.members.len() == 1 {
            found.talked_ms = found.talked(self.now);
            found.two_since = None;
        }
        let withdrawn: Vec<_> =
            found.invitations.iter().filter(|i| i.inviter == *user).map(|i| i.callee.clone()).collect();
        let room = found.room;
        self.free_member(call, &member, room);
        self.note(Note::Left { call, at: member.at.clone(), how });
        self.tell_others(call, user, &Event::OnUserLeave { call_id: call, user_id: user.clone(), reason });
        for callee in &withdrawn {
            self.cancel_invitation(call, callee, cancel);
        }
        self.settle(call);
    }

    fn free_member(&mut self, call: CallId, member: &Member, room: bool) {
        let user = &member.at.user;
        self.clear_due(member.lost_until, Due::Grace(call, user.clone()));
        if let MediaState::Coming { until } = member.media {
            self.clear_due(until, Due::MediaUp(call, user.clone()));
        }
        if room && member.media != MediaState::Exempt {
            self.media(MediaCommand::Drop { call, at: member.at.clone() });
        }
        self.set_place(user, Place::Free);
    }

    /// After a change: somebody who is alone in the call, with nobody being invited, is told its end.
    pub(crate) fn settle(&mut self, call: CallId) {
        let Some(found) = self.calls.get(&call) else { return };
        if found.members.len() == 1 && found.invitations.is_empty() {
            self.end_for_all(call, None, None);
        } else if found.members.is_empty() {
            self.end_for_all(call, None, Some(CancelReason::EndedByServer));
        }
    }

    /// The call is over for everybody who is in it or invited.
    pub(crate) fn end_for_all(&mut self, call: CallId, reason: Option<EndReason>, cancel: Option<CancelReason>) {
        let Some(found) = self.calls.get(&call) else { return };
        let callees: Vec<_> = found.invitations.iter().map(|i| i.callee.clone()).collect();
        for callee in &callees {
            self.cancel_invitation(call, callee, cancel);
        }
        let Some(found) = self.calls.remove(&call) else { return };
        for member in &found.members {
            let how = match reason {
                Some(EndReason::MediaFailed) if !member.had_media => LeftHow::MediaFailed,
                Some(EndReason::EndedByServer | EndReason::MediaFailed) => LeftHow::EndedByServer,
                Some(EndReason::TimedOut | EndReason::SignedInElsewhere) | None => LeftHow::LastOne,
            };
            self.free_member(call, member, found.room);
            self.note(Note::Left { call, at: member.at.clone(), how });
            if member.socket_up {
                self.tell(&member.at, Event::OnCallEnd { call_id: call, reason });
            } else {
                // It may stay away for longer than its session is kept, and is to learn of the end all the same.
                self.owe(&member.at, call, reason);
            }
        }
        if found.room {
            self.media(MediaCommand::Close { call });
        }
        self.note(Note::CallEnded { call, talked_ms: found.talked(self.now) });
    }

    /// The member shuts or opens its microphone or camera.
    pub(crate) fn set_source(&mut self, call: CallId, at: &DeviceKey, kind: StreamKind, off: bool) {
        let Some(found) = self.calls.get_mut(&call) else { return };
        let Some(member) = found.member_at(at) else { return };
        let source = match kind {
            StreamKind::Audio => &mut member.sound,
            StreamKind::Video => &mut member.picture,
        };
        if source.off == off {
            return;
        }
        source.off = off;
        let was_available = std::mem::take(&mut source.available);
        let carries_media = member.media != MediaState::Exempt;
        if was_available {
            let (call_id, user_id, available) = (call, at.user.clone(), false);
            let event = match kind {
                StreamKind::Audio => Event::OnUserAudioAvailable { call_id, user_id, available },
                StreamKind::Video => Event::OnUserVideoAvailable { call_id, user_id, available },
            };
            self.tell_others(call, &at.user, &event);
        }
        if kind == StreamKind::Video && !off {
            self.offer_video(call);
        }
        if carries_media {
            self.media(MediaCommand::Mute { call, at: at.clone(), kind, muted: off });
        }
    }
}
