//! A small town on virtual time: residents with devices, a switchboard, and a media room that does as it is told.
//!
//! Every conversation is checked to the end: what a test didn't expect fails it, the log replays to the same state
//! and the same outputs, no timer is left over, and no device's sound was let through before its owner's own act.

use std::collections::{BTreeMap, BTreeSet};
use tsuwa_call::{AdminAct, DeviceKey, Input, MediaCommand, MediaReport, Note, Output, Policy, Reply, Switchboard};
use tsuwa_proto::{
    Act, CallId, CallType, Code, Event, HangupTarget, InvitationId, Invite, MediaMode, Millis, Refusal, RequestId,
    StreamKind, UserId,
};

/// Far beyond every test.
const TICKET_MS: u64 = 86_400_000;

pub(crate) struct Town {
    pub(crate) switchboard: Switchboard,
    log: Vec<(u64, Millis, Input)>,
    outputs: Vec<Output>,
    now: Millis,
    seen: BTreeMap<DeviceKey, Vec<String>>,
    reply: Option<Result<Reply, Refusal>>,
    /// Whether rooms report a leg as up as soon as it is made.
    pub(crate) media_comes_up: bool,
    pub(crate) media: Vec<MediaCommand>,
    pub(crate) notes: Vec<Note>,
    admitted: BTreeSet<(CallId, DeviceKey)>,
    consented: BTreeSet<(CallId, DeviceKey)>,
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().expect("a test's user id is valid")
}

/// "B2" is user B's second device.
pub(crate) fn device(name: &str) -> DeviceKey {
    DeviceKey { user: user(&name[..1]), device: name.parse().expect("a test's device id is valid") }
}

pub(crate) fn kind(number: u8) -> CallType {
    CallType::try_from(number).expect("1 or 2")
}

pub(crate) fn invite(number: u8) -> Invite {
    Invite { kind: kind(number), timeout_s: None, user_data: None }
}

/// An event as the table of scenarios writes it, without the call's id.
fn written(event: &Event) -> String {
    let list = |ids: &[UserId]| ids.iter().map(UserId::as_str).collect::<Vec<_>>().join(",");
    let word = |value: &dyn erased::Word| value.word();
    match event {
        Event::OnError { code, .. } => format!("onError {}", code.number()),
        Event::OnInvited { sponsor, user_ids, is_from_group, kind, .. } => {
            format!("onInvited {} [{}] {} {}", sponsor.as_str(), list(user_ids), is_from_group, u8::from(*kind))
        }
        Event::OnReject { user_id, .. } => format!("onReject {}", user_id.as_str()),
        Event::OnNoResp { user_id, .. } => format!("onNoResp {}", user_id.as_str()),
        Event::OnLineBusy { user_id, .. } => format!("onLineBusy {}", user_id.as_str()),
        Event::OnCallingCancel { reason: None, .. } => "onCallingCancel".into(),
        Event::OnCallingCancel { reason: Some(r), .. } => format!("onCallingCancel {}", word(r)),
        Event::OnCallingTimeOut { .. } => "onCallingTimeOut".into(),
        Event::OnUserEnter { user_id, .. } => format!("onUserEnter {}", user_id.as_str()),
        Event::OnUserLeave { user_id, reason, .. } => format!("onUserLeave {} {}", user_id.as_str(), u8::from(*reason)),
        Event::OnUserAudioAvailable { user_id, available, .. } => format!("audio {} {available}", user_id.as_str()),
        Event::OnUserVideoAvailable { user_id, available, .. } => format!("video {} {available}", user_id.as_str()),
        Event::OnCallEnd { reason: None, .. } => "onCallEnd".into(),
        Event::OnCallEnd { reason: Some(r), .. } => format!("onCallEnd {}", word(r)),
        Event::OnNetworkQuality { user_id, quality, .. } => {
            format!("quality {} {}", user_id.as_str(), u8::from(*quality))
        }
        Event::OnKickedOffline {} => "onKickedOffline".into(),
        Event::OnUserSigExpired {} => "onUserSigExpired".into(),
    }
}

mod erased {
    //! The wire's word for a reason.
    pub(crate) trait Word {
        fn word(&self) -> String;
    }
    impl<T: serde::Serialize> Word for T {
        fn word(&self) -> String {
            serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).expect("a reason is a word")
        }
    }
}

impl Town {
    /// A town in which these devices are signed in.
    pub(crate) fn of(devices: &[&str]) -> Self {
        let mut town = Self {
            switchboard: Switchboard::new(),
            log: Vec::new(),
            outputs: Vec::new(),
            now: Millis(1_700_000_000_000),
            seen: BTreeMap::new(),
            reply: None,
            media_comes_up: true,
            media: Vec::new(),
            notes: Vec::new(),
            admitted: BTreeSet::new(),
            consented: BTreeSet::new(),
        };
        town.feed(Input::Started);
        for name in devices {
            town.sign_in(name);
        }
        town
    }

    /// A town in which A and B talk and hear each other, all of it seen.
    pub(crate) fn talking() -> (Self, CallId) {
        Self::talking_among(&["A1", "B1", "C1", "D1"])
    }

    /// The same with other devices signed in: the first calls the second.
    pub(crate) fn talking_among(devices: &[&str]) -> (Self, CallId) {
        let mut town = Self::of(devices);
        let call = town.call(devices[0], &devices[1][..1], 1);
        town.accept(devices[1], call);
        town.sound(devices[0], call);
        town.sound(devices[1], call);
        town.forget_what_was_seen();
        (town, call)
    }

    pub(crate) fn feed(&mut self, input: Input) {
        let position = self.log.len() as u64 + 1;
        self.log.push((position, self.now, input.clone()));
        self.switchboard.handle(position, self.now, input);
        let mut made = Vec::new();
        while let Some(output) = self.switchboard.poll_output() {
            self.outputs.push(output.clone());
            match output {
                Output::Reply(result) => self.reply = Some(result),
                Output::Event { to, event } => self.seen.entry(to).or_default().push(written(&event)),
                Output::SignedOut { .. } => {}
                Output::Note(note) => self.notes.push(note),
                Output::Media(command) => {
                    match &command {
                        MediaCommand::Leg { call, at, .. } => made.push((*call, at.clone())),
                        MediaCommand::Admit { call, at } => drop(self.admitted.insert((*call, at.clone()))),
                        MediaCommand::Drop { call, at } => drop(self.admitted.remove(&(*call, at.clone()))),
                        MediaCommand::Close { call } => self.admitted.retain(|(of, _)| of != call),
                        MediaCommand::Open { .. } | MediaCommand::Mute { .. } => {}
                    }
                    self.media.push(command);
                }
            }
        }
        self.note_consent();
        for (call, at) in made {
            if self.media_comes_up {
                self.feed(Input::Media(MediaReport::Up { call, at }));
            }
        }
    }

    /// A device consents by its own `call`, `groupCall` or `accept` that got result 0; nothing else opens a gate.
    fn note_consent(&mut self) {
        let asked = match self.log.last() {
            Some((
                _,
                _,
                Input::Request { at, act: Act::Call { .. } | Act::GroupCall { .. } | Act::Accept { .. }, .. },
            )) => Some(at.clone()),
            _ => None,
        };
        if let (Some(at), Some(Ok(Reply::Call { call_id, .. }))) = (asked, &self.reply) {
            self.consented.insert((*call_id, at));
        }
        let open: Vec<_> = self.admitted.difference(&self.consented).collect();
        assert!(open.is_empty(), "media was let through without consent: {open:?}");
    }

    pub(crate) fn admitted(&self, name: &str, call: CallId) -> bool {
        self.admitted.contains(&(call, device(name)))
    }

    pub(crate) fn sign_in(&mut self, name: &str) {
        self.sign_in_until(name, MediaMode::Webrtc, TICKET_MS);
    }

    pub(crate) fn sign_in_until(&mut self, name: &str, media: MediaMode, span_ms: u64) {
        self.feed(Input::SignIn { at: device(name), media, expires_at: self.now.plus(span_ms) });
    }

    pub(crate) fn renew(&mut self, name: &str) {
        self.feed(Input::Renew { at: device(name), expires_at: self.now.plus(TICKET_MS) });
    }

    pub(crate) fn ask(&mut self, name: &str, act: Act) -> Result<Reply, Refusal> {
        self.reply = None;
        self.feed(Input::Request { at: device(name), id: RequestId(self.log.len() as u64), act });
        self.reply.take().expect("every request has one reply")
    }

    pub(crate) fn administer(&mut self, act: AdminAct) -> Result<Reply, Refusal> {
        self.reply = None;
        self.feed(Input::Admin(act));
        self.reply.take().expect("every act has one reply")
    }

    pub(crate) fn policy(&mut self, policy: Policy) {
        self.administer(AdminAct::SetPolicy(policy)).expect("a test's policy is allowed");
    }

    /// A request that is done.
    pub(crate) fn done(&mut self, name: &str, act: Act) {
        let reply = self.ask(name, act);
        assert!(reply.is_ok(), "refused: {reply:?}");
    }

    /// A request that is refused, and changes nothing and tells nobody.
    pub(crate) fn refused(&mut self, name: &str, act: Act, code: Code) {
        let (before, outputs) = (self.switchboard.live_calls(), self.outputs.len());
        let reply = self.ask(name, act);
        assert_eq!(reply.expect_err("should be refused").code, code);
        assert_eq!(self.switchboard.live_calls(), before);
        assert_eq!(self.outputs.len(), outputs + 1, "a refusal is the reply and nothing else");
    }

    /// `call`, and its call's id.
    pub(crate) fn call(&mut self, name: &str, callee: &str, number: u8) -> CallId {
        self.call_with(name, callee, invite(number))
    }

    pub(crate) fn call_with(&mut self, name: &str, callee: &str, invite: Invite) -> CallId {
        let kind = invite.kind;
        match self.ask(name, Act::Call { user_id: user(callee), invite }) {
            Ok(Reply::Call { call_id, kind: told, .. }) => {
                assert_eq!(told, kind);
                call_id
            }
            other => panic!("result 0 expected, not {other:?}"),
        }
    }

    pub(crate) fn group_call(&mut self, name: &str, callees: &[&str], number: u8) -> CallId {
        match self.ask(name, group(callees, number)) {
            Ok(Reply::Call { call_id, .. }) => call_id,
            other => panic!("result 0 expected, not {other:?}"),
        }
    }

    pub(crate) fn accept(&mut self, name: &str, call: CallId) {
        self.done(name, accept(call));
    }

    pub(crate) fn reject(&mut self, name: &str, call: CallId) {
        self.done(name, reject(call));
    }

    pub(crate) fn hangup(&mut self, name: &str, call: CallId) {
        self.done(name, hangup(call));
    }

    pub(crate) fn mute(&mut self, name: &str, call: CallId, is_mute: bool) {
        self.done(name, Act::SetMicMute { call_id: call, is_mute });
    }

    /// What rings at this device, or by what it is in its call.
    pub(crate) fn invitation(&self, name: &str) -> InvitationId {
        self.switchboard.call_of(&device(name)).expect("a call is there").invitation_id
    }

    pub(crate) fn socket(&mut self, name: &str, up: bool) {
        self.feed(Input::Socket { at: device(name), up });
    }

    /// The first forwardable packet of the device's microphone.
    pub(crate) fn sound(&mut self, name: &str, call: CallId) {
        self.flows(name, call, StreamKind::Audio);
    }

    pub(crate) fn flows(&mut self, name: &str, call: CallId, kind: StreamKind) {
        self.feed(Input::Media(MediaReport::Flowing { call, at: device(name), kind }));
    }

    /// Let time pass; what is due meanwhile comes to pass at its moment.
    pub(crate) fn wait_ms(&mut self, span_ms: u64) {
        let until = self.now.plus(span_ms);
        while let Some(due) = self.switchboard.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.feed(Input::Tick);
        }
        self.now = until;
    }

    /// What this device's listeners got since they were last asked about, exactly.
    #[track_caller]
    pub(crate) fn sees(&mut self, name: &str, events: &[&str]) {
        let seen = self.seen.remove(&device(name)).unwrap_or_default();
        assert_eq!(seen, events, "what {name} sees");
    }

    /// Everything that the switchboard put out so far.
    pub(crate) fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    pub(crate) fn forget_what_was_seen(&mut self) {
        self.seen.clear();
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(self.seen, BTreeMap::new(), "nothing else is seen");
        let mut again = Switchboard::new();
        let mut outputs = Vec::new();
        for (position, now, input) in &self.log {
            again.handle(*position, *now, input.clone());
            outputs.extend(std::iter::from_fn(|| again.poll_output()));
        }
        assert_eq!(again, self.switchboard, "the same log gives the same state");
        assert_eq!(outputs, self.outputs, "the same log gives the same outputs");
        let kept = serde_json::to_string(&again).expect("the state can be written");
        assert_eq!(serde_json::from_str::<Switchboard>(&kept).expect("and read"), again);
        if self.switchboard.calls() == 0 {
            assert!(self.admitted.is_empty(), "no gate is left open");
            let tickets = self.switchboard.users().iter().map(|u| u.devices.len()).sum::<usize>();
            // With no call left, all that is due are the tickets' ends.
            let due = serde_json::to_value(&self.switchboard).expect("json")["due"].as_array().map_or(0, Vec::len);
            assert!(due <= tickets, "no timer is left over");
        }
    }
}

pub(crate) fn accept(call: CallId) -> Act {
    Act::Accept { call_id: Some(call), invitation_id: None }
}

pub(crate) fn reject(call: CallId) -> Act {
    Act::Reject { call_id: Some(call), invitation_id: None }
}

pub(crate) fn hangup(call: CallId) -> Act {
    Act::Hangup { target: HangupTarget::Call(call), invitation_id: None }
}

pub(crate) fn group(callees: &[&str], number: u8) -> Act {
    Act::GroupCall { user_ids: callees.iter().map(|name| user(name)).collect(), invite: invite(number) }
}

pub(crate) fn calls(callee: &str, number: u8) -> Act {
    Act::Call { user_id: user(callee), invite: invite(number) }
}
