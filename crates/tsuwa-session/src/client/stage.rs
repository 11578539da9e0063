//! From no connection to a signed-in one, and back.

use super::{ClientOutput, ClientSession, Held, Link, Pulse, Receipts};
use crate::timing::{BACK_OFF_IN_CALL_MS, CONNECT_IDLE_MS, CONNECT_IN_CALL_MS};
use tsuwa_proto::{Code, Millis, Refusal, RequestId, Welcome};

/// A connection that did not last so long, in milliseconds, was none: the pauses go on growing.
const LASTED_MS: u64 = 1_000;

/// Where a session stands, named for what it waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// For the end of the pause before the next attempt.
    Resting { until: Millis },
    /// For the socket to open.
    Connecting { link: Link, by: Millis },
    /// For the answer to `login` or `resume`.
    SigningIn { link: Link, by: Millis, request: RequestId, resumes: bool },
    /// For nothing: signed in.
    Up { link: Link, since: Millis },
    /// For nothing more.
    Over,
}

impl Stage {
    pub(super) fn link(&self) -> Option<Link> {
        match self {
            Self::Connecting { link, .. } | Self::SigningIn { link, .. } | Self::Up { link, .. } => Some(*link),
            Self::Resting { .. } | Self::Over => None,
        }
    }
}

impl ClientSession {
    /// Wait for as long as the back-off says, and connect.
    pub(super) fn rest(&mut self, now: Millis) {
        let pause = self.back_off.next_ms(self.in_call);
        self.stage = Stage::Resting { until: now.plus(pause) };
        if pause == 0 {
            self.connect(now);
        }
    }

    pub(super) fn connect(&mut self, now: Millis) {
        let link = Link(self.next_link);
        self.next_link += 1;
        self.stage = Stage::Connecting { link, by: self.attempt_by(now) };
        self.out.push_back(ClientOutput::Connect { link });
    }

    fn attempt_by(&self, now: Millis) -> Millis {
        now.plus(if self.in_call { CONNECT_IN_CALL_MS } else { CONNECT_IDLE_MS })
    }

    /// The socket is open, or a `resume` on it was refused: resume if there is something to resume, else log in.
    pub(super) fn sign_in(&mut self, now: Millis, link: Link) {
        let request = self.number();
        let resumes = self.held.is_some();
        self.send_sign_in(link, request);
        self.stage = Stage::SigningIn { link, by: self.attempt_by(now), request, resumes };
    }

    pub(super) fn signed_in(&mut self, now: Millis, link: Link, welcome: Welcome, resumes: bool) {
        self.held = Some(Held { id: welcome.session_id, token: welcome.resume_token.clone() });
        self.first_by = None;
        self.stage = Stage::Up { link, since: now };
        self.pulse = Pulse::new(now, self.in_call);
        if resumes {
            self.receipts.told();
            self.out.push_back(ClientOutput::Back { welcome });
        } else {
            self.receipts = Receipts::default();
            self.out.push_back(ClientOutput::SignedIn { welcome });
        }
        self.send_pending(now);
    }

    pub(super) fn sign_in_refused(&mut self, now: Millis, link: Link, refusal: Refusal, resumes: bool) {
        // A server that is going down says so to those who sign in; another comes up in its place.
        let going_down = refusal.code == Code::NoMediaWorker && self.first_by.is_none();
        let passes =
            going_down || matches!(refusal.code, Code::RateLimited | Code::TooManyFailures | Code::SignInUnderWay);
        if refusal.code == Code::SignedInElsewhere || (!resumes && (self.first_by.is_some() || !passes)) {
            return self.refused(refusal);
        }
        if passes {
            return self.drop_connection(now);
        }
        // The session is gone (or its proof is not worth anything any more). The ticket decides.
        if self.pending.is_logging_out() {
            return self.logged_out();
        }
        self.held = None;
        for asked in self.pending.session_gone() {
            let code = if asked.sent { Code::NoAnswer } else { Code::NoConnection };
            if !asked.told {
                self.reply(asked.id, Err(Refusal::new(code, "the session was lost before the server answered")));
            }
        }
        self.sign_in(now, link);
    }

    /// The socket has ended by itself.
    pub(super) fn connection_gone(&mut self, now: Millis) {
        if self.kicked {
            self.stage = Stage::Over;
            return self.refused(Code::SignedInElsewhere.into());
        }
        if let Stage::Up { since, .. } = self.stage {
            if now.since(since) >= LASTED_MS {
                self.back_off.reset();
            }
            self.out.push_back(ClientOutput::Lost);
        }
        self.pending.connection_gone();
        self.rest(now);
    }

    /// Give the connection up and make it anew.
    pub(super) fn drop_connection(&mut self, now: Millis) {
        if let Some(link) = self.stage.link() {
            self.out.push_back(ClientOutput::CloseSocket { link });
        }
        self.connection_gone(now);
    }

    /// A call has begun: what is waited for is not waited for any longer than a call allows.
    pub(super) fn hurry(&mut self, now: Millis) {
        let latest = self.attempt_by(now);
        match &mut self.stage {
            Stage::Resting { until } => *until = (*until).min(now.plus(BACK_OFF_IN_CALL_MS)),
            Stage::Connecting { by, .. } | Stage::SigningIn { by, .. } => *by = (*by).min(latest),
            Stage::Up { .. } | Stage::Over => {}
        }
    }

    /// The session is over, and every request answered.
    pub(super) fn refused(&mut self, refusal: Refusal) {
        self.end(&refusal);
        self.out.push_back(ClientOutput::Refused(refusal));
    }

    pub(super) fn logged_out(&mut self) {
        self.end(&Code::NotSignedIn.into());
        self.out.push_back(ClientOutput::SignedOut);
    }

    fn end(&mut self, refusal: &Refusal) {
        for asked in self.pending.drain() {
            // The session's end is what a logout asks for.
            let done = asked.sent && asked.method == "logout";
            let outcome = if done { Ok(serde_json::json!({})) } else { Err(refusal.clone()) };
            if !asked.told {
                self.reply(asked.id, outcome);
            }
        }
        if let Some(link) = self.stage.link() {
            self.out.push_back(ClientOutput::CloseSocket { link });
        }
        self.stage = Stage::Over;
    }

    /// What time alone brings about.
    pub(super) fn act_on_stage(&mut self, now: Millis) {
        if self.first_by.is_some_and(|by| by <= now) && !matches!(self.stage, Stage::Over) {
            let code = if self.reached { Code::NoAnswer } else { Code::NoConnection };
            return self.refused(code.into());
        }
        match self.stage {
            Stage::Resting { until } if until <= now => self.connect(now),
            Stage::Connecting { by, .. } | Stage::SigningIn { by, .. } if by <= now => self.drop_connection(now),
            Stage::Up { link, .. } => {
                let overslept = self.pulse.overslept(now);
                if self.pulse.dead_at().is_some_and(|at| at <= now) {
                    return self.drop_connection(now);
                }
                self.send_ack_if_due(now, link);
                self.send_pending(now);
                if overslept || self.pulse.ping_at() <= now {
                    self.send_ping(now, link);
                }
            }
            _ => {}
        }
    }

    pub(super) fn next_due(&self) -> Option<Millis> {
        let stage = match self.stage {
            Stage::Resting { until } => Some(until),
            Stage::Connecting { by, .. } | Stage::SigningIn { by, .. } => Some(by),
            Stage::Up { .. } => {
                let ping = Some(self.pulse.ping_at());
                [ping, self.pulse.dead_at(), self.receipts.ack_at()].into_iter().flatten().min()
            }
            Stage::Over => return None,
        };
        [stage, self.pending.next_due(), self.first_by].into_iter().flatten().min()
    }
}
