//! Sessions that begin, go on, lose their sockets and end.

use crate::EffectKind;
use crate::sessions::MOST;
use crate::turn::Turn;
use tsuwa_call::{self as call, DeviceKey, SignedOutWhy};
use tsuwa_proto::{Code, EventSeq, MediaMode, Millis, Refusal, SessionId};

impl Turn<'_> {
    pub(crate) fn started(&mut self) {
        self.state.sessions.all_down(self.at);
        self.tell_again();
        self.pass_on(call::Input::Started);
    }

    pub(crate) fn tick(&mut self) {
        // Calls first: whoever is away for too long leaves its call by the call's own rules, while it has a session.
        self.pass_on(call::Input::Tick);
        while let Some((session, at, live)) = self.state.sessions.take_expired(self.at) {
            if live {
                self.emit(EffectKind::Lapsed { session });
            }
            self.pass_on(call::Input::Gone { at });
        }
    }

    pub(crate) fn sign_in(&mut self, origin: u64, at: &DeviceKey, media: MediaMode, expires_at: Millis) {
        if self.state.sessions.len() >= MOST && !self.state.sessions.knows(at) {
            let refusal = Refusal::new(Code::RateLimited, "too many devices are signed in; try again later");
            return self.emit(EffectKind::SignInRefused { origin, refusal });
        }
        let session = SessionId(self.state.position);
        // Taken away here and not at the switchboard's word, so that what it says to the device goes to the new one.
        if let Some(older) = self.state.sessions.begin(session, at) {
            self.closed(older, SignedOutWhy::Replaced);
        }
        self.decide(call::Input::SignIn { at: at.clone(), media, expires_at });
        let call = self.state.switchboard.call_of(at);
        self.emit(EffectKind::SignedIn { origin, session, at: at.clone(), call });
        self.touch(session);
        self.replacing = Some(at.clone());
        self.carry_out(&mut |_, _| {});
    }

    pub(crate) fn renew(&mut self, origin: u64, session: SessionId, expires_at: Millis) {
        let Some(at) = self.device_of(session) else {
            return self.emit(EffectKind::SignInRefused { origin, refusal: Code::NotSignedIn.into() });
        };
        self.decide(call::Input::Renew { at: at.clone(), expires_at });
        let call = self.state.switchboard.call_of(&at);
        self.emit(EffectKind::SignedIn { origin, session, at, call });
        self.carry_out(&mut |_, _| {});
    }

    pub(crate) fn resume(&mut self, origin: u64, session: SessionId, last_seq: EventSeq) {
        let Some(found) = self.state.sessions.live_mut(session) else {
            return self.refuse_resume(origin, session);
        };
        if last_seq > found.outbox.last() {
            // The machine lost its power, and the log what it had not brought to the disk: the numbers of what comes now
            // would be of what this device has had. It keeps its call, and signs in anew.
            return self.emit(EffectKind::ResumeRefused { origin, refusal: Code::NotSignedIn.into() });
        }
        found.outbox.resume(last_seq);
        // The new connection's watch begins as for a device that is in no call.
        found.in_call = false;
        let at = found.at.clone();
        self.state.sessions.set_up(session, true, self.at);
        self.held = Some(session);
        self.touch(session);
        self.pass_on(call::Input::Socket { at: at.clone(), up: true });
        self.held = None;
        let Some(found) = self.state.sessions.live(session) else {
            return self.refuse_resume(origin, session);
        };
        let missed: Vec<_> = found.outbox.undelivered().map(|(seq, event)| (seq, event.clone())).collect();
        let call = self.state.switchboard.call_of(&at);
        self.emit(EffectKind::Resumed { origin, session, at, call });
        for (seq, event) in missed {
            self.emit(EffectKind::Event { session, seq, event });
        }
    }

    fn refuse_resume(&mut self, origin: u64, session: SessionId) {
        let code = if self.state.sessions.was_ended(session) { Code::SignedInElsewhere } else { Code::NotSignedIn };
        self.emit(EffectKind::ResumeRefused { origin, refusal: code.into() });
    }

    pub(crate) fn socket(&mut self, session: SessionId, up: bool) {
        let Some(at) = self.device_of(session) else { return };
        self.state.sessions.set_up(session, up, self.at);
        self.touch(session);
        self.pass_on(call::Input::Socket { at, up });
    }

    pub(crate) fn device_of(&self, session: SessionId) -> Option<DeviceKey> {
        self.state.sessions.live(session).map(|found| found.at.clone())
    }
}
