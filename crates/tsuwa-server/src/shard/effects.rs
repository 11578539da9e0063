//! What follows from an entry that is in the log, carried out.

use super::links::Pending;
use super::shard::Shard;
use crate::authorise::Signed;
use crate::gateway::End;
use std::sync::Arc;
use std::time::Instant;
use tsuwa_call::{DeviceKey, SignedOutWhy};
use tsuwa_exchange::{EffectKind, Entry, Input};
use tsuwa_proto::{Act, CallId, CallState, Event, Outcome, SessionId, Welcome, event_frame, limits, reply_frame};

impl Shard {
    /// Carries out one effect of an entry. `since`: when the request was read that the entry is of.
    pub(super) fn carry_out(&mut self, entry: &Entry, since: Option<Instant>, effect: EffectKind) {
        match effect {
            EffectKind::SignedIn { origin, session, at, call } => {
                let Some(pending) = self.links.waiting(origin) else { return };
                let renews = pending.renews;
                self.welcome(pending, session, &at, call);
                if renews {
                    return;
                }
                if let Some(call) = self.offers.forgotten(&at, entry.position) {
                    self.media.restart(self.app, call, at);
                }
            }
            EffectKind::Resumed { origin, session, at, call } => {
                let Some(pending) = self.links.waiting(origin) else { return };
                self.welcome(pending, session, &at, call);
                if let Some(call) = self.offers.unanswered(&at) {
                    self.media.restart(self.app, call, at);
                }
            }
            EffectKind::SignInRefused { origin, refusal } | EffectKind::ResumeRefused { origin, refusal } => {
                if let Some(Pending { link, id, .. }) = self.links.waiting(origin) {
                    self.sign_in_refused(&link, id, refusal);
                }
                self.stays_away(entry);
            }
            EffectKind::Reply { session, id, outcome } => {
                if let (Some(since), Some(call)) = (since, accepted(entry, &outcome)) {
                    self.setup.accepted(call, since);
                }
                if let Err(refusal) = &outcome {
                    self.metrics.refused(refusal.code);
                }
                if let Some(link) = self.link(session) {
                    link.send(reply_frame(Some(id), &outcome), None);
                }
            }
            EffectKind::Event { session, seq, event } => {
                let rings_since = since.filter(|_| matches!(event, Event::OnInvited { .. }));
                if let Some(link) = self.link(session) {
                    link.send(event_frame(seq, &event), rings_since);
                }
            }
            EffectKind::Close { session, why } => self.part(session, end(why)),
            EffectKind::Lapsed { session } => self.part(session, End::LAPSED),
            EffectKind::AdminReply { origin, result } => {
                if let Some(answer) = self.admins.remove(&origin) {
                    // Who asked may have gone.
                    let _ = answer.send(result);
                }
            }
            EffectKind::Media(command) => {
                self.offers.command(entry.position, &command);
                self.media.command(self.app, command);
            }
            EffectKind::Record(record) => self.records.push(*record),
            EffectKind::Hook(hook) => {
                // Without: they were wanted once, and `Settings` is about to say that they are not.
                if let Some(hooks) = &self.hooks {
                    hooks.send(*hook);
                }
            }
            EffectKind::HooksFull { call } => {
                tracing::error!(app = self.app.0, %call, "too many webhooks wait: none is sent of this call");
                self.metrics.hooks_full(self.app);
            }
            EffectKind::Note(note) => self.setup.note(self.app, &note, &self.metrics),
            EffectKind::InCall { session, yes } => {
                if let Some(link) = self.link(session) {
                    link.set_in_call(yes);
                }
            }
        }
    }

    fn welcome(&mut self, pending: Pending, session: SessionId, at: &DeviceKey, call: Option<CallState>) {
        let Pending { link, id, renews } = pending;
        if !renews {
            // Said before anything is sent, so that the client's next frame finds it so.
            link.signed_in(Signed { app: self.app, session, at: at.clone() });
            self.is_back(session);
            if let Some(before) = self.links.join(session, Arc::clone(&link)) {
                before.end(End::RESUMED);
            }
            self.metrics.signed_in(None);
        }
        let welcome = Welcome {
            session_id: session,
            resume_token: self.tokens.issue(self.app, session),
            kept_ms: limits::SESSION_KEPT_MS,
            call,
        };
        // Plain texts and numbers always serialise.
        let outcome: Outcome = Ok(serde_json::to_value(welcome).unwrap_or_default());
        link.send(reply_frame(Some(id), &outcome), None);
        if link.is_gone() && self.links.left(link.id).is_some() {
            // It left before it was a session's, so nobody else will say it.
            self.input(Input::Socket { session, up: false });
        }
    }

    /// A resume was refused for which the session's connection had to go: who is refused for what it says of its events
    /// has a session still, and is in it no more.
    fn stays_away(&mut self, entry: &Entry) {
        if let Input::Resume { session, .. } = entry.input
            && self.link(session).is_none()
            && self.exchange.device_of(session).is_some()
        {
            self.input(Input::Socket { session, up: false });
        }
    }

    fn part(&mut self, session: SessionId, end: End) {
        if let Some(link) = self.links.part(session) {
            link.end(end);
        }
    }
}

/// The call that this entry's device has just accepted.
fn accepted(entry: &Entry, outcome: &Outcome) -> Option<CallId> {
    match (&entry.input, outcome) {
        (Input::Request { act: Act::Accept { call_id, .. }, .. }, Ok(_)) => *call_id,
        _ => None,
    }
}

fn end(why: SignedOutWhy) -> End {
    match why {
        SignedOutWhy::LoggedOut => End::LOGGED_OUT,
        SignedOutWhy::Kicked => End::KICKED,
        SignedOutWhy::Removed => End::REMOVED,
        SignedOutWhy::Replaced => End::REPLACED,
    }
}
