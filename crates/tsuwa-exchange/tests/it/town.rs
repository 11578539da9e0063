//! An exchange with its log, a virtual clock and residents.

use tsuwa_call::{DeviceKey, SignedOutWhy};
use tsuwa_exchange::{Effect, EffectKind, Exchange, Input, Log, MemoryLog};
use tsuwa_proto::{
    Act, AppId, CallId, CallType, Code, Event, EventSeq, HangupTarget, Invite, MediaMode, Millis, Outcome, RequestId,
    SessionId,
};

pub(crate) const APP: AppId = AppId(1_400_000_001);
pub(crate) const EPOCH: u64 = 3;
/// When every town begins.
pub(crate) const DAWN: Millis = Millis(1_000_000);

pub(crate) struct Town {
    pub(crate) exchange: Exchange,
    pub(crate) log: MemoryLog,
    pub(crate) now: Millis,
    /// All effects ever.
    pub(crate) effects: Vec<Effect>,
    origin: u64,
    next_request: u64,
}

/// A log of one's own.
pub(crate) fn reigned() -> MemoryLog {
    let mut log = MemoryLog::new();
    log.reign().unwrap();
    log
}

/// `alice@laptop` and the like.
pub(crate) fn at(user: &str, device: &str) -> DeviceKey {
    DeviceKey { user: user.parse().unwrap(), device: device.parse().unwrap() }
}

pub(crate) fn call(user: &str) -> Act {
    let invite = Invite { kind: CallType::Audio, timeout_s: None, user_data: None };
    Act::Call { user_id: user.parse().unwrap(), invite }
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

pub(crate) fn mute(call: CallId, is_mute: bool) -> Act {
    Act::SetMicMute { call_id: call, is_mute }
}

impl Town {
    pub(crate) fn new() -> Self {
        let mut town = Self {
            exchange: Exchange::new(APP, EPOCH),
            log: reigned(),
            now: DAWN,
            effects: Vec::new(),
            origin: 0,
            next_request: 1,
        };
        town.take(Input::Started);
        town
    }

    /// Propose, append, commit; the effects that follow.
    pub(crate) fn take(&mut self, input: Input) -> Vec<EffectKind> {
        let entry = self.exchange.propose(self.now, input);
        self.log.append(std::slice::from_ref(&entry)).unwrap();
        self.exchange.committed(&entry);
        let mut kinds = Vec::new();
        while let Some(effect) = self.exchange.poll_effect() {
            kinds.push(effect.what.clone());
            self.effects.push(effect);
        }
        kinds
    }

    /// Time passes, with a tick whenever one is due.
    pub(crate) fn pass(&mut self, ms: u64) -> Vec<EffectKind> {
        let end = self.now.plus(ms);
        let mut kinds = Vec::new();
        while let Some(due) = self.exchange.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            kinds.extend(self.take(Input::Tick));
        }
        self.now = end;
        kinds
    }

    pub(crate) fn origin(&mut self) -> u64 {
        self.origin += 1;
        self.origin
    }

    pub(crate) fn sign_in_all(&mut self, user: &str, device: &str) -> Vec<EffectKind> {
        let origin = self.origin();
        let (at, expires_at) = (at(user, device), self.now.plus(86_400_000));
        self.take(Input::SignIn { origin, at, media: MediaMode::None, expires_at })
    }

    pub(crate) fn sign_in(&mut self, user: &str, device: &str) -> SessionId {
        let kinds = self.sign_in_all(user, device);
        let signed_in = |kind: &EffectKind| match kind {
            EffectKind::SignedIn { session, .. } => Some(*session),
            _ => None,
        };
        kinds.iter().find_map(signed_in).expect("a sign-in succeeds")
    }

    /// A new request, and all that follows from it.
    pub(crate) fn ask_all(&mut self, session: SessionId, act: Act) -> Vec<EffectKind> {
        let id = self.number();
        self.take(Input::Request { session, id, act })
    }

    pub(crate) fn number(&mut self) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        id
    }

    pub(crate) fn ask(&mut self, session: SessionId, act: Act) -> Outcome {
        reply(&self.ask_all(session, act))
    }

    /// Call somebody; the call's id.
    pub(crate) fn call(&mut self, session: SessionId, user: &str) -> CallId {
        let outcome = self.ask(session, call(user)).expect("the call is allowed");
        outcome["callId"].as_str().expect("it has an id").parse().unwrap()
    }

    /// Two residents who talk: their sessions and their call.
    pub(crate) fn talking() -> (Self, SessionId, SessionId, CallId) {
        let mut town = Self::new();
        let alice = town.sign_in("alice", "laptop");
        let bob = town.sign_in("bob", "phone");
        let call = town.call(alice, "bob");
        town.ask(bob, accept(call)).unwrap();
        (town, alice, bob, call)
    }

    pub(crate) fn socket(&mut self, session: SessionId, up: bool) -> Vec<EffectKind> {
        self.take(Input::Socket { session, up })
    }

    /// The number of the last event that a session was told.
    pub(crate) fn last_event(&self, of: SessionId) -> u64 {
        let seen = self.effects.iter().filter_map(|effect| match &effect.what {
            EffectKind::Event { session, seq, .. } if *session == of => Some(seq.0),
            _ => None,
        });
        seen.max().unwrap_or_default()
    }

    pub(crate) fn resume(&mut self, session: SessionId, last_seq: u64) -> Vec<EffectKind> {
        let origin = self.origin();
        self.take(Input::Resume { origin, session, last_seq: EventSeq(last_seq) })
    }

    /// The process dies, and a new one reads the log.
    pub(crate) fn restart(&mut self) {
        let stored = self.log.load().unwrap();
        self.exchange = Exchange::recover(APP, EPOCH + 1, stored.snapshot, &stored.tail).unwrap();
    }
}

/// The one reply among these.
pub(crate) fn reply(kinds: &[EffectKind]) -> Outcome {
    let outcomes: Vec<_> = kinds
        .iter()
        .filter_map(|kind| match kind {
            EffectKind::Reply { outcome, .. } => Some(outcome.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(outcomes.len(), 1, "each request has one reply");
    outcomes.into_iter().next().unwrap()
}

/// The events for a session among these, with their numbers.
pub(crate) fn events(kinds: &[EffectKind], of: SessionId) -> Vec<(u64, Event)> {
    let event = |kind: &EffectKind| match kind {
        EffectKind::Event { session, seq, event } if *session == of => Some((seq.0, event.clone())),
        _ => None,
    };
    kinds.iter().filter_map(event).collect()
}

/// Why a resume was refused.
pub(crate) fn resume_refused(kinds: &[EffectKind]) -> Option<Code> {
    kinds.iter().find_map(|kind| match kind {
        EffectKind::ResumeRefused { refusal, .. } => Some(refusal.code),
        _ => None,
    })
}

/// Which sessions were closed, and why.
pub(crate) fn closed(kinds: &[EffectKind]) -> Vec<(SessionId, SignedOutWhy)> {
    let close = |kind: &EffectKind| match kind {
        EffectKind::Close { session, why } => Some((*session, *why)),
        _ => None,
    };
    kinds.iter().filter_map(close).collect()
}

pub(crate) fn code(outcome: Outcome) -> Code {
    outcome.expect_err("it is refused").code
}

pub(crate) fn call_end(call: CallId) -> Event {
    Event::OnCallEnd { call_id: call, reason: None }
}
