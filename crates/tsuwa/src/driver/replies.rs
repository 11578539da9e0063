//! What the server answers.

use super::Driver;
use crate::ActionCallback;
use crate::recent::{self, RecentAsker};
use crate::standing::{Asked, Part};
use crate::teller::{Asker, Change};
use serde_json::Value;
use tsuwa_proto::{Code, InvitationId, Outcome, Refusal, RequestId};

/// Who waits for an answer, and what for.
pub(super) enum Waiting {
    Invite {
        asked: Asked,
        asker: Asker,
    },
    Accept {
        part: Part,
        asker: Asker,
    },
    Reject {
        part: Part,
        asker: Asker,
    },
    /// Of a call whose id is known, or of a request's.
    Hangup {
        of: Option<Part>,
    },
    Logout {
        asker: Option<Asker>,
    },
    Renew {
        asker: Asker,
    },
    /// A function that returns nothing.
    Quiet,
    /// The SDK's own word about media: the engine asks again by itself.
    Media,
    /// All that the server said at sign-in has come before this.
    SignInTold,
    /// What the server had to say to a device that is back has come by now, or nearly.
    BackTold,
    /// Whoever looks at the calls that are over.
    RecentCalls(RecentAsker),
}

impl Driver {
    pub(super) fn reply(&mut self, id: RequestId, outcome: Outcome) {
        let Some(waiting) = self.waiting.remove(&id) else { return };
        match waiting {
            Waiting::Invite { asked, asker } => self.invite_answered(id, asked, asker, outcome),
            Waiting::Accept { part, asker } => match outcome {
                Ok(_) => self.answered(Change::Accepted(part), asker, ActionCallback::success()),
                Err(refusal) => {
                    // Without an answer it may have been taken all the same: then the event tells.
                    if !matches!(refusal.code, Code::NoAnswer | Code::NoConnection) {
                        self.accepting = None;
                    }
                    self.tell_answer(Change::Nothing, asker, refusal);
                }
            },
            Waiting::Reject { part, asker } => match outcome {
                Ok(_) => self.answered(Change::Rejected(part), asker, ActionCallback::success()),
                // It is carried to the server all the same, and then no event will end this ringing.
                Err(refusal) if matches!(refusal.code, Code::NoAnswer | Code::NoConnection) => {
                    self.leave(part);
                    self.tell_answer(Change::Rejected(part), asker, refusal);
                }
                Err(refusal) => self.tell_answer(Change::Nothing, asker, refusal),
            },
            Waiting::Hangup { of } => self.hangup_answered(of, outcome),
            Waiting::Logout { asker } => self.logout_answered(asker, outcome),
            Waiting::Renew { asker } => {
                let callback = outcome.map_or_else(ActionCallback::from, |_| ActionCallback::success());
                self.tell_answer(Change::Nothing, asker, callback);
            }
            Waiting::Quiet => match outcome {
                // The call is over: the event tells, and there is nothing left to do it to.
                Ok(_) | Err(Refusal { code: Code::InvitationOver | Code::NotSignedIn, .. }) => {}
                Err(refusal) => self.tell_error(refusal),
            },
            Waiting::Media => match outcome {
                Ok(_) => {}
                Err(refusal) => {
                    tracing::debug!(code = refusal.code.number(), "the server did not take a word on media")
                }
            },
            Waiting::SignInTold => self.settle_sign_in(),
            Waiting::BackTold => self.media_stays_lost(),
            // Whoever dropped the answer did not want it.
            Waiting::RecentCalls(asker) => drop(asker.send(recent::read(outcome))),
        }
    }

    fn answered(&mut self, change: Change, asker: Asker, callback: ActionCallback) {
        self.change(&change);
        self.tell_answer(change, asker, callback);
    }

    fn invite_answered(&mut self, id: RequestId, asked: Asked, asker: Asker, outcome: Outcome) {
        self.asked.remove(&asked);
        let unreadable = || Refusal::new(Code::NotARequest, "the server's answer names no call");
        let got = outcome.and_then(|result| part_named(&result).ok_or_else(unreadable));
        match got {
            Ok(got) => self.answered(Change::Got { asked, got }, asker, ActionCallback::success()),
            Err(refusal) => {
                if matches!(refusal.code, Code::NoAnswer | Code::NoConnection) {
                    self.doubtful.push(id);
                }
                self.answered(Change::InVain(asked), asker, refusal.into());
            }
        }
    }

    fn hangup_answered(&mut self, of: Option<Part>, outcome: Outcome) {
        match outcome {
            Err(Refusal { code: Code::NoAnswer | Code::NoConnection, .. }) => {
                // Said again when the server has this device in that call at the next sign-in.
                return;
            }
            // It was over, or never began: idle is silent.
            Ok(_) | Err(Refusal { code: Code::InvitationOver | Code::InvitationNotYours | Code::NotSignedIn, .. }) => {}
            // The same; but the app is to know that it asks for too much.
            Err(refusal) if refusal.code == Code::RateLimited => return self.tell_error(refusal),
            Err(refusal) => self.tell_error(refusal),
        }
        self.hung_up.retain(|each| Some(*each) != of);
    }

    fn logout_answered(&mut self, asker: Option<Asker>, outcome: Outcome) {
        // Signed out here in any case; without a connection the server finds out by itself.
        self.end_line();
        let callback = match outcome {
            Ok(_) | Err(Refusal { code: Code::NotSignedIn, .. }) => ActionCallback::success(),
            Err(refusal) => refusal.into(),
        };
        match asker {
            Some(asker) => self.tell_answer(Change::SignedOut, asker, callback),
            None => self.tell_silently(Change::SignedOut),
        }
    }

    /// A request that could not be made, or is not going to be answered any more.
    pub(super) fn settle_unsent(&mut self, waiting: Waiting, refusal: Refusal) {
        match waiting {
            Waiting::Invite { asked, asker } => {
                self.asked.remove(&asked);
                self.answered(Change::InVain(asked), asker, refusal.into());
            }
            Waiting::Accept { asker, .. }
            | Waiting::Reject { asker, .. }
            | Waiting::Renew { asker }
            | Waiting::Logout { asker: Some(asker) } => self.tell_answer(Change::Nothing, asker, refusal),
            Waiting::Logout { asker: None }
            | Waiting::Hangup { .. }
            | Waiting::Quiet
            | Waiting::Media
            | Waiting::SignInTold
            | Waiting::BackTold => {}
            Waiting::RecentCalls(asker) => drop(asker.send(Err(refusal.into()))),
        }
    }

    /// The line is gone: whoever still waits hears that nobody is signed in.
    pub(super) fn answer_all_unsent(&mut self) {
        while let Some((_, waiting)) = self.waiting.pop_first() {
            self.settle_unsent(waiting, Refusal::new(Code::NotSignedIn, "signed out meanwhile"));
        }
    }
}

fn part_named(result: &Value) -> Option<Part> {
    let invitation = result.get("invitationId").and_then(Value::as_u64).map(InvitationId);
    Some(Part { call: result.get("callId")?.as_str()?.parse().ok()?, invitation })
}
