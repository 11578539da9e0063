//! What follows from an entry that is in the log, carried out.

use super::{Pending, ToLink, Todo, token};
use crate::doing::ConnNo;
use crate::town::Town;
use tsuwa_call::DeviceKey;
use tsuwa_exchange::{EffectKind, Entry, Input};
use tsuwa_proto::{CallState, Outcome, Refusal, RequestId, SessionId, Welcome, event_frame, limits, reply_frame};

impl Town {
    pub(super) fn carry_out(&mut self, entry: &Entry, effect: EffectKind) {
        match effect {
            EffectKind::SignedIn { origin, session, at, call } => {
                let Some(pending) = self.server.pending.remove(&origin) else { return };
                let renews = pending.renews;
                self.welcome(pending, session, &at, call);
                if !renews && let Some(call) = self.server.offers.forgotten(&at, entry.position) {
                    self.media_restart(call, &at);
                }
            }
            EffectKind::Resumed { origin, session, at, call } => {
                let Some(pending) = self.server.pending.remove(&origin) else { return };
                self.welcome(pending, session, &at, call);
                if let Some(call) = self.server.offers.unanswered(&at) {
                    self.media_restart(call, &at);
                }
            }
            EffectKind::SignInRefused { origin, refusal } | EffectKind::ResumeRefused { origin, refusal } => {
                if let Some(Pending { conn, id, .. }) = self.server.pending.remove(&origin) {
                    self.sign_in_refused(conn, id, refusal);
                }
            }
            EffectKind::Reply { session, id, outcome } => self.send(session, reply_frame(Some(id), &outcome)),
            EffectKind::Event { session, seq, event } => self.send(session, event_frame(seq, &event)),
            EffectKind::Close { session, .. } | EffectKind::Lapsed { session } => {
                if let Some(conn) = self.server.part(session) {
                    self.tell_link(conn, ToLink::End);
                }
            }
            EffectKind::AdminReply { origin, result } => {
                if let Some(act) = self.server.admins.remove(&origin) {
                    self.administered(&act, &result);
                }
            }
            EffectKind::Media(command) => {
                self.server.offers.command(entry.position, &command);
                self.media_command(command);
            }
            EffectKind::InCall { session, yes } => {
                if let Some(conn) = self.server.sessions.get(&session).copied() {
                    self.tell_link(conn, ToLink::InCall(yes));
                }
            }
            EffectKind::Record(record) => self.record(*record),
            EffectKind::Hook(hook) => self.hook(*hook),
            EffectKind::HooksFull { .. } | EffectKind::Note(_) => {}
        }
    }

    fn send(&mut self, session: SessionId, text: String) {
        if let Some(conn) = self.server.sessions.get(&session).copied() {
            self.tell_link(conn, ToLink::Send(text));
        }
    }

    fn welcome(&mut self, pending: Pending, session: SessionId, at: &DeviceKey, call: Option<CallState>) {
        let Pending { conn, id, renews } = pending;
        if !renews {
            self.tell_link(conn, ToLink::SignedIn(session, at.clone()));
            let gone = |todo: &Todo| matches!(todo, Todo::Input(Input::Socket { session: of, up: false }, _) if *of == session);
            self.server.queue.retain(|todo| !gone(todo));
            if let Some(before) = self.server.join(session, conn) {
                self.tell_link(before, ToLink::End);
            }
        }
        let welcome =
            Welcome { session_id: session, resume_token: token(session), kept_ms: limits::SESSION_KEPT_MS, call };
        let outcome: Outcome = Ok(serde_json::to_value(welcome).unwrap_or_default());
        self.tell_link(conn, ToLink::Send(reply_frame(Some(id), &outcome)));
        // Here messages come in while a group is being appended, so another return may be waiting already.
        let back = |todo: &Todo| matches!(todo, Todo::Input(Input::Resume { session: of, .. }, _) if *of == session);
        let returns = self.server.queue.iter().any(back);
        if self.conns[conn].gone_at_shard && self.server.left(conn).is_some() && !returns {
            // It left before it was a session's, so nobody else will say it.
            self.input(Input::Socket { session, up: false });
        }
    }

    fn sign_in_refused(&mut self, conn: ConnNo, id: RequestId, refusal: Refusal) {
        self.tell_link(conn, ToLink::SignInFailed);
        self.tell_link(conn, ToLink::Send(reply_frame(Some(id), &Err(refusal))));
    }
}
