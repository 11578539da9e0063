//! One step: the switchboard takes an input, the specification takes it, and every consequence is weighed.

use crate::canonical::FAR;
use crate::properties::Promise;
use crate::rules::Rules;
use crate::system::{Rooms, State};
use tsuwa_call::{AdminAct, DeviceKey, Input, MediaReport, Output, Reply};
use tsuwa_proto::{Act, CallId, Code, MediaMode, Millis, Refusal, RequestId};

/// Whatever can happen next.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Step {
    Ask(DeviceKey, Act),
    SignIn(DeviceKey),
    /// The socket goes.
    Lose(DeviceKey),
    /// The socket is back.
    Return(DeviceKey),
    /// The session was kept long enough.
    GiveUp(DeviceKey),
    /// So many milliseconds pass. What is due then is not taken yet: requests may come before the `Tick`.
    Wait(u64),
    Tick,
    Restart,
    EndCall(CallId),
    Media(MediaReport),
    /// Nothing happens.
    GoOn,
}

/// The place in the log of every input but one that may begin a call: ids must be apart, and nothing else is to be.
const ANYWHERE: u64 = 1;

impl State {
    pub(crate) fn take(&mut self, step: &Step) {
        let before = self.rules.clone();
        match step {
            Step::Ask(at, act) => self.ask(at, act),
            Step::SignIn(at) => {
                self.rules.sign_in(at, self.now);
                let expires_at = Millis(FAR);
                let input = Input::SignIn { at: at.clone(), media: MediaMode::Webrtc, expires_at };
                self.feed(input, step, &before);
            }
            Step::Lose(at) | Step::Return(at) => {
                let up = matches!(step, Step::Return(_));
                self.rules.socket(at, up, self.now);
                self.feed(Input::Socket { at: at.clone(), up }, step, &before);
            }
            Step::GiveUp(at) => {
                self.rules.sign_out(at);
                self.feed(Input::Gone { at: at.clone() }, step, &before);
            }
            Step::Wait(span_ms) => {
                self.now = self.now.plus(*span_ms);
                // It changes nothing but the switchboard's clock.
                self.feed(Input::Capacity { open: true }, step, &before);
            }
            Step::Tick => {
                self.rules.tick(self.now);
                self.feed(Input::Tick, step, &before);
            }
            Step::Restart => {
                self.rules.restart(self.now);
                self.rooms = Rooms::default();
                self.feed(Input::Started, step, &before);
            }
            Step::EndCall(call) => {
                self.rules.end(*call);
                self.feed(Input::Admin(AdminAct::EndCall(*call)), step, &before);
            }
            Step::Media(report) => self.media(report, step, &before),
            Step::GoOn => {}
        }
        self.ended = before.calls.keys().find(|call| !self.rules.calls.contains_key(call)).copied().or(self.ended);
        self.weigh();
    }

    fn media(&mut self, report: &MediaReport, step: &Step, before: &Rules) {
        match report {
            MediaReport::Up { call, at } | MediaReport::Back { call, at } | MediaReport::Lost { call, at } => {
                if let Some(leg) = self.rooms.legs.get_mut(&(*call, at.clone())) {
                    leg.up = !matches!(report, MediaReport::Lost { .. });
                }
            }
            MediaReport::RoomLost { call } => {
                self.rooms.open.remove(call);
                self.rooms.legs.retain(|(of, _), _| of != call);
            }
            _ => {}
        }
        self.rules.report(report, self.now);
        self.feed(Input::Media(report.clone()), step, before);
    }

    /// A request: answered as the specification says, and if it is refused, nothing has changed.
    fn ask(&mut self, at: &DeviceKey, act: &Act) {
        let step = &Step::Ask(at.clone(), act.clone());
        let (before, board) = (self.rules.clone(), self.board.clone());
        let was_up = before.devices.get(at).is_none_or(|up| *up);
        let expected = self.rules.ask(at, act, self.next_call, self.now);
        let may_begin = matches!(act, Act::Call { .. } | Act::GroupCall { .. });
        let position = if may_begin { self.next_call.0 } else { ANYWHERE };
        let reply = self.handle(position, Input::Request { at: at.clone(), id: RequestId(1), act: act.clone() });
        let got = reply.first().cloned().unwrap_or_else(|| Err(Code::NoAnswer.into()));
        let agrees = reply.len() == 1
            && match (&got, &expected) {
                (Ok(Reply::Done), Ok(None)) => true,
                (Ok(Reply::Call { call_id, .. }), Ok(Some(call))) => call_id == call,
                (Err(refusal), Err(code)) => refusal.code == *code,
                _ => false,
            };
        self.hold(Promise::Rules, agrees, || format!("answered {got:?} instead of {expected:?}"));
        if may_begin {
            // So that who made a request more recently does not tell states apart, all are equally recent.
            let nothing = Input::Request {
                at: at.clone(),
                id: RequestId(1),
                act: Act::Accept { call_id: None, invitation_id: None },
            };
            let outputs = std::mem::take(&mut self.outputs);
            self.handle(ANYWHERE, nothing);
            self.outputs = outputs;
        }
        if got.is_err() && was_up {
            let same = board == self.board && self.outputs.len() == 1;
            self.hold(Promise::Refusals, same, || format!("refused with {got:?}, and yet something happened"));
        }
        self.follow(step, &before);
        if matches!(got, Ok(Reply::Call { call_id, .. }) if call_id == self.next_call) {
            self.next_call = CallId(self.next_call.0 + 1);
        }
    }

    /// Whether the request is to be refused, and is, with nothing changed: most are, and this is seen soon.
    pub(crate) fn is_refused(&self, at: &DeviceKey, act: &Act) -> bool {
        let mut rules = self.rules.clone();
        let Err(code) = rules.ask(at, act, self.next_call, self.now) else { return false };
        let mut board = self.board.clone();
        board.handle(ANYWHERE, self.now, Input::Request { at: at.clone(), id: RequestId(1), act: act.clone() });
        let refused = matches!(board.poll_output(), Some(Output::Reply(Err(refusal))) if refusal.code == code);
        refused && board.poll_output().is_none() && board == self.board && rules == self.rules
    }

    fn feed(&mut self, input: Input, step: &Step, before: &Rules) {
        self.handle(ANYWHERE, input);
        self.follow(step, before);
    }

    /// The switchboard takes an input; its outputs are kept, its replies given.
    fn handle(&mut self, position: u64, input: Input) -> Vec<Result<Reply, Refusal>> {
        self.board.handle(position, self.now, input);
        let mut replies = Vec::new();
        while let Some(output) = self.board.poll_output() {
            if let Output::Reply(result) = &output {
                replies.push(result.clone());
            }
            self.outputs.push(output);
        }
        replies
    }
}
