//! What an answer is an answer to: the ringing that it names, and no other.

use super::Books;
use super::story::Stage;
use super::turn::call_named;
use crate::laws::{Law, Laws};
use serde_json::Value;
use tsuwa_proto::{Act, CallId, Code, HangupTarget, InvitationId, Outcome, Refusal, SessionId};

impl Books {
    /// It rings: by the invitation that stands.
    pub(super) fn named(&mut self, phone: usize, call: CallId, invitation: InvitationId, laws: &mut Laws) {
        let user = &self.keys[phone].user;
        let standing = self.calls.get_mut(&call).and_then(|account| account.standing(user)).map(|invited| invited.id);
        laws.hold(Law::AnswerIsOfOne, standing == Some(invitation), || {
            format!("{} rings by {invitation:?}, {standing:?} stands", self.keys[phone].device.as_str())
        });
    }

    /// An `accept`, `reject` or `hangup` that names the invitation is taken if that one rings here, or if this device is in
    /// the call by it; else it is refused.
    pub(super) fn answer(&mut self, phone: usize, session: SessionId, act: &Act, outcome: &Outcome, laws: &mut Laws) {
        let (call, invitation, leaves) = match act {
            Act::Accept { call_id: Some(call), invitation_id: Some(named) }
            | Act::Reject { call_id: Some(call), invitation_id: Some(named) } => (*call, *named, false),
            Act::Hangup { target: HangupTarget::Call(call), invitation_id: Some(named) } => (*call, *named, true),
            Act::Hangup { target: HangupTarget::Request(earlier), .. } => {
                let Some(began) = self.results.get(&(session, *earlier)) else { return };
                let (Some(call), Some(by)) = (call_named(began), invitation_named(began)) else { return };
                (call, by, true)
            }
            _ => return,
        };
        let stands = self.calls.get(&call).and_then(|account| account.by(&self.keys[phone]));
        let fits = stands == Some(invitation) && (leaves || self.stories[phone].rings(call));
        let good = match outcome {
            Ok(_) => fits,
            Err(refusal) if excused(act, refusal) => true,
            Err(refusal) => !fits && (stands.is_none() || refusal.code == Code::InvitationOver),
        };
        laws.hold(Law::AnswerIsOfOne, good, || {
            let name = self.keys[phone].device.as_str();
            format!("{name} answers {invitation:?} of call {call}, where {stands:?} stands: {outcome:?}")
        });
    }

    /// Who calls the one whose call rings here has accepted that, and is told which call it is.
    pub(super) fn glare(&mut self, phone: usize, act: &Act, outcome: &Outcome, laws: &mut Laws) {
        let (Act::Call { user_id, .. }, Stage::Ringing(call)) = (act, &self.stories[phone].stage) else { return };
        let (call, user) = (*call, &self.keys[phone].user);
        let standing = self.calls.get_mut(&call).and_then(|account| account.standing(user));
        if standing.is_some_and(|invited| invited.inviter == *user_id) {
            let connected = match outcome {
                Ok(_) => call_named(outcome) == Some(call),
                Err(refusal) => excused(act, refusal),
            };
            laws.hold(Law::GlareConnects, connected, || {
                format!("{} calls {}, from whom call {call} rings there: {outcome:?}", user.as_str(), user_id.as_str())
            });
        }
    }
}

/// An old ticket accepts nothing, and neither does a request whose answer may have been forgotten.
fn excused(act: &Act, refusal: &Refusal) -> bool {
    let accepts = matches!(act, Act::Accept { .. } | Act::Call { .. });
    accepts && refusal.code == Code::SigExpired || refusal.desc.contains("no longer kept")
}

fn invitation_named(outcome: &Outcome) -> Option<InvitationId> {
    outcome.as_ref().ok()?.get("invitationId").and_then(Value::as_u64).map(InvitationId)
}
