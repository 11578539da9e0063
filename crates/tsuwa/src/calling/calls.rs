//! `call`, `groupCall`, `accept`, `reject`, `hangup`.

use super::TrtcCalling;
use crate::callback::Answer;
use crate::command::Command;
use crate::options::CallOptions;
use crate::standing::{Asked, SignedIn};
use serde_json::{Map, Value};
use tsuwa_proto::{CallId, CallStage, CallType, Code, Refusal, UserId};

impl TrtcCalling {
    /// Invites a user to a one-to-one call. In a call it invites the user into that call, so that it becomes a call of
    /// several.
    ///
    /// * `user_id`: whom.
    /// * `kind`: 1 voice, 2 video.
    ///
    /// The microphone opens with the answer 0. If the callee is just calling this user, the two calls become one and
    /// the answer is 0 too.
    ///
    /// Answers 0; 6014 if nobody is signed in; 7003 for a user id that is none; -1202 for calling oneself, or a call
    /// that would be of more than 9; -1203 while another call rings here; 8012 for somebody who is invited or in the
    /// call already; 20007 for a callee who has blocked this user; 101002 for one whom the app doesn't know; 7008 when
    /// there were too many; 70001 when the ticket has expired; -100013 when the server has no room; 9508 without a
    /// connection to the server, 9520 without an answer in time.
    pub fn call(&self, user_id: &str, kind: CallType) -> Answer {
        self.call_with(user_id, kind.into())
    }

    /// As [`TrtcCalling::call`], with a time to ring and data of the app's own.
    pub fn call_with(&self, user_id: &str, options: CallOptions) -> Answer {
        let mut params = match options.params() {
            Ok(params) => params,
            Err(wrong) => return Answer::known(Refusal::new(Code::BadParameter, wrong)),
        };
        match checked(user_id) {
            Ok(user) => params.insert("userId".into(), user.into()),
            Err(refusal) => return Answer::known(refusal),
        };
        self.invite("call", params)
    }

    /// Invites several users at once; in a call, into that call.
    ///
    /// Those who are listed twice or are in the call already are left out; who is busy, unknown or has blocked this
    /// user is told by `onLineBusy` and `onReject`. Answers as [`TrtcCalling::call`].
    pub fn group_call<U: AsRef<str>>(&self, user_ids: &[U], kind: CallType) -> Answer {
        self.group_call_with(user_ids, kind.into())
    }

    /// As [`TrtcCalling::group_call`], with a time to ring and data of the app's own.
    pub fn group_call_with<U: AsRef<str>>(&self, user_ids: &[U], options: CallOptions) -> Answer {
        let mut params = match options.params() {
            Ok(params) => params,
            Err(wrong) => return Answer::known(Refusal::new(Code::BadParameter, wrong)),
        };
        let users: Result<Vec<Value>, Refusal> =
            user_ids.iter().map(|each| checked(each.as_ref()).map(Value::from)).collect();
        match users {
            Ok(users) => params.insert("userIds".into(), users.into()),
            Err(refusal) => return Answer::known(refusal),
        };
        self.invite("groupCall", params)
    }

    fn invite(&self, method: &'static str, params: Map<String, Value>) -> Answer {
        // The lock is held until the command is on its way: what is asked and what is sent have one order.
        let mut standing = self.desk().standing();
        if standing.signed_in != SignedIn::In {
            return Answer::known(Code::NotSignedIn);
        }
        let asked = Asked(self.next_asked());
        standing.asks(asked);
        self.ask(|asker| Command::Invite { asked, method, params: params.into(), asker })
    }

    /// Takes the call that rings. The microphone opens with the answer 0.
    ///
    /// Answers 0; 6014 if nobody is signed in; -1203 if nothing rings; 8010 if it rings no more (cancelled, timed out,
    /// or taken on another device: the event tells); 70001 when the ticket has expired; 9508 without a connection to the
    /// server, 9520 without an answer in time.
    pub fn accept(&self) -> Answer {
        let standing = self.desk().standing();
        match (standing.signed_in, standing.ringing()) {
            (SignedIn::In, Some(part)) => self.ask(|asker| Command::Accept { part, asker }),
            (SignedIn::In, None) => Answer::known(Refusal::new(Code::WrongState, "nothing rings here")),
            _ => Answer::known(Code::NotSignedIn),
        }
    }

    /// Declines the call that rings.
    ///
    /// Answers as [`TrtcCalling::accept`].
    pub fn reject(&self) -> Answer {
        let standing = self.desk().standing();
        match (standing.signed_in, standing.ringing()) {
            (SignedIn::In, Some(part)) => self.ask(|asker| Command::Reject { part, asker }),
            (SignedIn::In, None) => Answer::known(Refusal::new(Code::WrongState, "nothing rings here")),
            _ => Answer::known(Code::NotSignedIn),
        }
    }

    /// Ends the call for this user: hangs up, withdraws the call that is not answered yet (also one whose `call` has no
    /// answer yet), or declines the one that rings. The microphone closes at once. Without any of these it does nothing.
    pub fn hangup(&self) {
        let mut standing = self.desk().standing();
        let targets = standing.hangs_up();
        if !targets.is_empty() {
            self.send(Command::Hangup { targets });
        }
    }

    /// The call that listeners were last told of, and how this user stands in it.
    pub fn current_call(&self) -> Option<(CallId, CallStage)> {
        self.desk().standing().call()
    }
}

fn checked(user_id: &str) -> Result<String, Refusal> {
    match user_id.parse::<UserId>() {
        Ok(user) => Ok(user.into()),
        Err(error) => Err(Refusal::new(Code::BadUserId, format!("userId: {error}"))),
    }
}
