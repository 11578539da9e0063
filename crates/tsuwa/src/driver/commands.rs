//! What the app asks for.

use super::Driver;
use super::media::MediaWay;
use super::replies::Waiting;
use crate::ActionCallback;
use crate::command::Command;
use crate::standing::{Part, Target};
use crate::teller::{Asker, Change};
use serde_json::{Value, json};
use tsuwa_proto::{AppId, Code, Refusal, UserId};

impl Driver {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Login { server, app, user, sig, asker } => match &self.line {
                None => self.sign_in(server, app, user, sig, asker),
                Some(_) => self.sign_in_again(app, &user, sig, asker),
            },
            Command::Logout { asker } => self.log_out(Some(asker)),
            Command::Invite { asked, method, params, asker } => {
                self.standing.asks(asked);
                if let Some(id) = self.request(method, params, Waiting::Invite { asked, asker }) {
                    self.asked.insert(asked, id);
                }
            }
            Command::Accept { part, asker } => {
                self.accepting = Some(part);
                self.request("accept", naming(part), Waiting::Accept { part, asker });
            }
            Command::Reject { part, asker } => {
                self.accepting = None;
                self.request("reject", naming(part), Waiting::Reject { part, asker });
            }
            Command::Hangup { targets } => self.hang_up(&targets),
            Command::RecentCalls { params, asker } => {
                self.request("queryRecentCalls", params, Waiting::RecentCalls(asker));
            }
            Command::Mute { is_mute } => self.mute(is_mute),
            Command::HandsFree { is_hands_free } => match &self.engine {
                Some(engine) => engine.set_hands_free(is_hands_free),
                None => self.tell_error(Refusal::new(Code::SpeakerFailed, "this instance has no sound")),
            },
            Command::NetworkChanged => {
                let now = self.now();
                if let Some(line) = &mut self.line {
                    line.session.network_changed(now);
                }
                self.media_way = MediaWay::Moved;
            }
            Command::Destroy => {
                self.destroying = true;
                self.log_out(None);
            }
        }
    }

    fn sign_in_again(&mut self, app: AppId, user: &UserId, sig: String, asker: Asker) {
        let now = self.now();
        let Some(line) = &mut self.line else { return };
        if !line.signed_in {
            self.tell_answer(Change::Nothing, asker, Code::SignInUnderWay);
        } else if line.app != app || line.user != *user {
            let refusal = Refusal::new(Code::WrongState, "another user is signed in; log out first");
            self.tell_answer(Change::Nothing, asker, refusal);
        } else {
            let id = line.session.renew(now, sig);
            self.waiting.insert(id, Waiting::Renew { asker });
        }
    }

    fn log_out(&mut self, asker: Option<Asker>) {
        match &self.line {
            None => {
                if let Some(asker) = asker {
                    self.tell_answer(Change::Nothing, asker, Code::NotSignedIn);
                }
            }
            Some(line) if !line.signed_in => {
                // The sign-in is given up; its own asker hears 6014 with the line's end.
                self.hang_up_the_line();
                if let Some(asker) = asker {
                    self.tell_answer(Change::Nothing, asker, ActionCallback::success());
                }
            }
            Some(_) => {
                // The microphone does not wait for the server.
                self.close_call();
                self.request("logout", json!({}), Waiting::Logout { asker });
            }
        }
    }

    fn hang_up(&mut self, targets: &[Target]) {
        for target in targets {
            match target {
                Target::Call(part) => {
                    self.leave(*part);
                    self.tell_server_of_hangup(*part);
                }
                Target::Asked(asked) => {
                    self.change(&Change::InVain(*asked));
                    let Some(request) = self.asked.remove(asked) else {
                        // Answered, and the answer not told when the app hung up: then it is this call.
                        if let Some(part) = self.standing.taking_part() {
                            self.leave(part);
                            self.tell_server_of_hangup(part);
                        }
                        continue;
                    };
                    self.request("hangup", json!({ "request": request }), Waiting::Hangup { of: None });
                }
            }
        }
        // Whatever the app had asked for before is hung up with it.
        while let Some(asked) = self.standing.first_asked() {
            self.change(&Change::InVain(asked));
        }
    }

    /// Leaves a call here; the server is told by whoever calls this.
    pub(super) fn leave(&mut self, part: Part) {
        self.change(&Change::Rejected(part));
        if !self.hung_up.contains(&part) {
            self.hung_up.push(part);
        }
        // Each is forgotten when the server has answered; this bounds what a server that never does can pile up.
        if self.hung_up.len() > 16 {
            self.hung_up.remove(0);
        }
    }

    pub(super) fn tell_server_of_hangup(&mut self, part: Part) {
        self.request("hangup", naming(part), Waiting::Hangup { of: Some(part) });
    }

    fn mute(&mut self, is_mute: bool) {
        if self.standing.muted == is_mute {
            return;
        }
        self.standing.muted = is_mute;
        if let Some(engine) = &self.engine {
            engine.set_mic_mute(is_mute);
        }
        if let Some(part) = self.standing.taking_part() {
            self.tell_server_of_mute(part.call);
        }
    }

    pub(super) fn tell_server_of_mute(&mut self, call: tsuwa_proto::CallId) {
        let is_mute = self.standing.muted;
        self.request("setMicMute", json!({ "callId": call, "isMute": is_mute }), Waiting::Quiet);
    }
}

/// The parameters of an answer to an invitation, or of the end of what came of it.
fn naming(part: Part) -> Value {
    match part.invitation {
        Some(invitation) => json!({ "callId": part.call, "invitationId": invitation }),
        None => json!({ "callId": part.call }),
    }
}
