//! Requests of devices: each is done once.

use crate::EffectKind;
use crate::turn::Turn;
use serde_json::{Value, json};
use tsuwa_call::{self as call, Reply};
use tsuwa_proto::{Act, CallId, Code, HangupTarget, InvitationId, Outcome, Refusal, RequestId, SessionId};
use tsuwa_session::{Kept, Results};

impl Turn<'_> {
    pub(crate) fn request(&mut self, session: SessionId, id: RequestId, act: &Act) {
        let Some(found) = self.state.sessions.live(session) else {
            return self.reply(session, id, Err(Code::NotSignedIn.into()));
        };
        let known = match found.results.of(id) {
            Kept::New => None,
            Kept::Done(outcome) => Some(outcome.clone()),
            Kept::Forgotten => {
                let why = "the request's number is lower than a later one's, and its result is no longer kept";
                Some(Err(Refusal::new(Code::WrongState, why)))
            }
        };
        if let Some(outcome) = known {
            return self.reply(session, id, outcome);
        }
        let act = resolved(act, &found.results);
        let at = found.at.clone();
        self.touch(session);
        self.decide(call::Input::Request { at, id, act });
        self.carry_out(&mut |turn, result| {
            let outcome = result.map(|reply| result_of(&reply));
            if let Some(found) = turn.state.sessions.live_mut(session) {
                found.results.keep(id, outcome.clone());
            }
            turn.reply(session, id, outcome);
        });
    }

    fn reply(&mut self, session: SessionId, id: RequestId, outcome: Outcome) {
        self.emit(EffectKind::Reply { session, id, outcome });
    }
}

fn result_of(reply: &Reply) -> Value {
    match reply {
        Reply::Done => json!({}),
        Reply::Call { call_id, invitation_id, kind } => {
            json!({ "callId": call_id, "invitationId": invitation_id, "type": kind })
        }
    }
}

/// A `hangup` that names an earlier request means the call that this request's result names. If there is none, the
/// switchboard refuses it.
fn resolved(act: &Act, results: &Results) -> Act {
    if let Act::Hangup { target: HangupTarget::Request(earlier), .. } = act
        && let Some((call, invitation_id)) = results.outcome(*earlier).and_then(call_named)
    {
        return Act::Hangup { target: HangupTarget::Call(call), invitation_id };
    }
    act.clone()
}

fn call_named(outcome: &Outcome) -> Option<(CallId, Option<InvitationId>)> {
    let result = outcome.as_ref().ok()?;
    let invitation = result.get("invitationId").and_then(Value::as_u64).map(InvitationId);
    Some((result.get("callId")?.as_str()?.parse().ok()?, invitation))
}
