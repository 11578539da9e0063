//! What goes over the wire, and what comes.

use super::stage::Stage;
use super::{ClientOutput, ClientSession, Link};
use serde_json::{Value, json};
use tsuwa_proto::{
    Code, Event, EventSeq, FromServer, Login, Millis, Outcome, Refusal, RequestId, Welcome, parse_server, request_frame,
};

impl ClientSession {
    pub(super) fn read(&mut self, now: Millis, link: Link, text: &str) {
        match parse_server(text) {
            Ok(FromServer::Reply(Some(id), outcome)) => self.answered(now, link, id, outcome),
            Ok(FromServer::Reply(None, Err(refusal))) | Err(refusal) => {
                self.out.push_back(ClientOutput::Fault(refusal));
            }
            Ok(FromServer::Event(seq, event)) => self.event(now, link, seq, Some(event)),
            Ok(FromServer::Unknown(Some(seq))) => self.event(now, link, seq, None),
            Ok(FromServer::Signal(signal)) if self.is_up() => self.out.push_back(ClientOutput::Signal(signal)),
            Ok(FromServer::Reply(None, Ok(_)) | FromServer::Signal(_) | FromServer::Unknown(None)) => {}
        }
    }

    fn event(&mut self, now: Millis, link: Link, seq: EventSeq, event: Option<Event>) {
        if !self.is_up() || !self.receipts.see(now, seq) {
            return;
        }
        self.kicked |= matches!(event, Some(Event::OnKickedOffline {}));
        self.out.extend(event.map(|event| ClientOutput::Event { seq, event }));
        self.send_ack_if_due(now, link);
    }

    fn answered(&mut self, now: Millis, link: Link, id: RequestId, outcome: Outcome) {
        match self.stage {
            Stage::SigningIn { request, resumes, .. } if request == id => match outcome.and_then(welcome) {
                Ok(welcome) => self.signed_in(now, link, welcome, resumes),
                Err(refusal) => self.sign_in_refused(now, link, refusal, resumes),
            },
            Stage::Up { .. } => self.request_answered(now, id, outcome),
            _ => {}
        }
    }

    fn request_answered(&mut self, now: Millis, id: RequestId, outcome: Outcome) {
        let no_time = outcome.as_ref().is_err_and(|refusal| refusal.code == Code::RateLimited);
        if no_time && self.pending.say_again(now, id) {
            return;
        }
        // Else it is a ping's, or its caller has stopped waiting.
        let Some(asked) = self.pending.take(id) else { return };
        let done = outcome.is_ok();
        if let ("login", Ok(value)) = (asked.method.as_str(), &outcome) {
            if let Some(user_sig) = asked.params.get("userSig").and_then(Value::as_str) {
                self.login.user_sig = user_sig.to_owned();
            }
            if let (Some(held), Ok(welcome)) = (&mut self.held, welcome(value.clone())) {
                held.id = welcome.session_id;
                held.token = welcome.resume_token;
            }
        }
        if !asked.told {
            self.reply(id, outcome);
        }
        if done && asked.method == "logout" {
            return self.logged_out();
        }
        self.send_pending(now);
    }

    pub(super) fn reply(&mut self, id: RequestId, outcome: Outcome) {
        self.out.push_back(ClientOutput::Reply { id, outcome });
    }

    /// Tell the callers of requests that have waited too long.
    pub(super) fn give_up_waiting(&mut self, now: Millis) {
        let up = self.is_up();
        for (id, sent) in self.pending.overdue(now) {
            let code = if sent && up { Code::NoAnswer } else { Code::NoConnection };
            self.reply(id, Err(code.into()));
        }
    }

    fn send(&mut self, link: Link, text: String) {
        self.out.push_back(ClientOutput::SendText { link, text });
    }

    /// Everything that has not gone out on this connection, in order.
    pub(super) fn send_pending(&mut self, now: Millis) {
        let Stage::Up { link, .. } = self.stage else { return };
        let frames: Vec<String> = self
            .pending
            .send(now)
            .into_iter()
            .map(|asked| request_frame(Some(asked.id), &asked.method, &asked.params))
            .collect();
        frames.into_iter().for_each(|text| self.send(link, text));
    }

    pub(super) fn send_sign_in(&mut self, link: Link, request: RequestId) {
        let (method, params) = match &self.held {
            Some(held) => {
                let params = json!({
                    "sdkAppId": self.login.sdk_app_id,
                    "sessionId": held.id,
                    "resumeToken": held.token,
                    "lastSeq": self.receipts.last(),
                });
                ("resume", params)
            }
            None => {
                let newest = self.pending.newest_ticket().unwrap_or(&self.login.user_sig).to_owned();
                ("login", login_params(&Login { user_sig: newest, ..self.login.clone() }))
            }
        };
        self.send(link, request_frame(Some(request), method, &params));
    }

    pub(super) fn send_ack_if_due(&mut self, now: Millis, link: Link) {
        if self.receipts.ack_at().is_some_and(|at| at <= now) {
            self.receipts.told();
            self.send(link, request_frame(None, "ack", &json!({ "seq": self.receipts.last() })));
        }
    }

    pub(super) fn send_ping(&mut self, now: Millis, link: Link) {
        self.pulse.pinged(now);
        let id = self.number();
        self.send(link, request_frame(Some(id), "ping", &json!({})));
    }
}

pub(super) fn login_params(login: &Login) -> Value {
    json!({
        "sdkAppId": login.sdk_app_id,
        "userId": login.user_id,
        "userSig": login.user_sig,
        "deviceId": login.device_id,
        "media": login.media,
    })
}

fn welcome(value: Value) -> Result<Welcome, Refusal> {
    serde_json::from_value(value).map_err(|error| Refusal::new(Code::NotARequest, error.to_string()))
}
