//! The exchange's inputs in any order, with crashes between them.

use crate::bytes::Bytes;
use crate::invitations::{Invitations, of_no_call, unnamed};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use tsuwa_call::{AdminAct, Note};
use tsuwa_exchange::{Effect, EffectId, EffectKind, Entry, Exchange, Input, Snapshot};
use tsuwa_proto::{
    Act, AppId, CallId, EventSeq, HangupTarget, HookEvent, InvitationId, Millis, Outcome, RequestId, SessionId,
};

const APP: AppId = AppId(1);
/// Longer stories are cut: each step is checked.
const STEPS: usize = 300;

/// However inputs come and processes die, the log makes the state again, each effect has its order, and each call its
/// record and its webhooks.
pub fn exchange(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut watch = Watch::new();
    watch.take(Input::Started);
    watch.take(Input::Settings { hooks: bytes.below(4) != 3 });
    for _ in 0..STEPS {
        if bytes.is_empty() {
            break;
        }
        watch.step(&mut bytes);
    }
    watch.all_goes_home();
}

/// An exchange, its log, and what it has said.
struct Watch {
    exchange: Exchange,
    now: Millis,
    epoch: u64,
    kept: Option<Snapshot>,
    tail: Vec<Entry>,
    last: Option<EffectId>,
    origin: u64,
    sessions: Vec<SessionId>,
    issued: Vec<CallId>,
    /// How the latest requests ended.
    answered: BTreeMap<(SessionId, RequestId), Outcome>,
    seqs: BTreeMap<SessionId, EventSeq>,
    open: BTreeSet<CallId>,
    records: BTreeSet<CallId>,
    stored: BTreeSet<CallId>,
    hooks: BTreeMap<CallId, (u64, bool)>,
    invitations: Invitations,
}

impl Watch {
    fn new() -> Self {
        Self {
            exchange: Exchange::new(APP, 1),
            now: words::DAWN,
            epoch: 1,
            kept: None,
            tail: Vec::new(),
            last: None,
            origin: 0,
            sessions: Vec::new(),
            issued: Vec::new(),
            answered: BTreeMap::new(),
            seqs: BTreeMap::new(),
            open: BTreeSet::new(),
            records: BTreeSet::new(),
            stored: BTreeSet::new(),
            hooks: BTreeMap::new(),
            invitations: Invitations::default(),
        }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.below(16) {
            0 => self.now = self.now.plus(words::pause(bytes)),
            1 => self.crash(bytes.flag()),
            2 => {
                // Two are proposed, and the log takes none of them.
                let before = self.exchange.clone();
                self.exchange.propose(self.now, Input::Tick);
                self.exchange.propose(self.now, Input::Started);
                self.exchange.withdraw();
                assert_eq!(self.exchange.snapshot(), before.snapshot(), "a proposal changes nothing");
            }
            3 => {
                let inputs = [self.input(bytes), self.input(bytes)];
                let entries: Vec<Entry> =
                    inputs.into_iter().map(|input| self.exchange.propose(self.now, input)).collect();
                self.tail.extend_from_slice(&entries);
                for entry in &entries {
                    self.commit(entry);
                }
            }
            _ => {
                let input = self.input(bytes);
                self.take(input);
            }
        }
    }

    fn input(&mut self, bytes: &mut Bytes<'_>) -> Input {
        self.origin += 1;
        let origin = self.origin;
        let recent = &self.sessions[self.sessions.len().saturating_sub(8)..];
        let session = if recent.is_empty() || bytes.below(16) == 15 {
            SessionId(bytes.number())
        } else {
            recent[bytes.below(recent.len())]
        };
        let expires_at = self.now.plus(words::pause(bytes) * 40);
        match bytes.below(20) {
            0..=2 => Input::SignIn { origin, at: words::device(bytes), media: words::media(bytes), expires_at },
            3 => Input::Renew { origin, session, expires_at },
            4 => Input::Resume { origin, session, last_seq: EventSeq(u64::from(bytes.byte() % 8)) },
            5 => Input::Socket { session, up: bytes.flag() },
            6 => Input::Ack { session, seq: EventSeq(u64::from(bytes.byte() % 8)) },
            7 => Input::Media(words::report(bytes, &self.issued)),
            8 => Input::Admin { origin, act: words::admin(bytes, &self.issued) },
            9 => Input::Tick,
            10 => Input::Capacity { open: bytes.flag() },
            11 => Input::HookDone {
                call: words::call(bytes, &self.issued),
                number: u64::from(bytes.byte() % 8),
                taken: bytes.flag(),
            },
            12 => Input::RecordsKept { calls: vec![words::call(bytes, &self.issued)] },
            _ => {
                let id = RequestId(u64::from(bytes.byte()));
                let by = self.exchange.device_of(session).map_or_else(words::nobody, |at| at.user.clone());
                Input::Request { session, id, act: words::act(bytes, &by, &self.issued, &self.invitations) }
            }
        }
    }

    fn take(&mut self, input: Input) {
        let entry = self.exchange.propose(self.now, input);
        self.tail.push(entry.clone());
        self.commit(&entry);
    }

    fn commit(&mut self, entry: &Entry) {
        let called = match &entry.input {
            Input::RecordsKept { calls } => calls.iter().filter(|call| self.records.contains(call)).copied().collect(),
            _ => Vec::new(),
        };
        self.stored.extend(called);
        if let Input::HookDone { call, number, .. } = &entry.input
            && let Some((waiting, true)) = self.hooks.get(call)
            && waiting == number
        {
            self.hooks.insert(*call, (*number, false));
        }
        if matches!(entry.input, Input::Started) {
            // What waits is said again.
            self.hooks.values_mut().for_each(|(number, waits)| {
                if std::mem::take(waits) {
                    *number -= 1;
                }
            });
            self.records = self.stored.clone();
        }
        let twin = self.twin(entry);
        self.exchange.committed(entry);
        if let Some(twin) = twin {
            assert!(twin.switchboard() == self.exchange.switchboard(), "{:?}, other than its twin", entry.input);
        }
        let mut answers = 0;
        while let Some(effect) = self.exchange.poll_effect() {
            assert!(self.last.is_none_or(|last| last < effect.id), "{:?} after {:?}", effect.id, self.last);
            self.last = Some(effect.id);
            answers += self.effect(entry, effect);
        }
        let wanted = match entry.input {
            Input::SignIn { .. } | Input::Renew { .. } | Input::Resume { .. } => 1,
            Input::Request { .. } | Input::Admin { .. } => 1,
            _ => 0,
        };
        assert_eq!(answers, wanted, "{:?}", entry.input);
        assert!(self.records.is_disjoint(&self.open), "a record of a call that goes on");
        assert_eq!(self.exchange.open_records(), self.exchange.switchboard().calls(), "a record for each call");
    }

    /// What comes of a new request that names an invitation: with the right one, what comes of one that names none; with
    /// any other, what comes of one for a call that never was. So too of one that names the request that it was of.
    fn twin(&self, entry: &Entry) -> Option<Exchange> {
        let Input::Request { session, id, act } = &entry.input else { return None };
        let user = &self.exchange.device_of(*session)?.user;
        let meant = self.meant(*session, act);
        let act = match self.invitations.names(user, &meant)? {
            false => of_no_call(act),
            // An answer that is no longer kept names nothing.
            true if meant != *act => return None,
            true => unnamed(act),
        };
        let mut twin = self.exchange.clone();
        let input = Input::Request { session: *session, id: *id, act };
        twin.committed(&Entry { position: entry.position, at: entry.at, input });
        Some(twin)
    }

    /// A hang-up of what a request began is one of the call and the invitation that its answer named.
    fn meant(&self, session: SessionId, act: &Act) -> Act {
        let began = |earlier| self.answered.get(&(session, earlier))?.as_ref().ok();
        if let Act::Hangup { target: HangupTarget::Request(earlier), .. } = act
            && let Some(result) = began(*earlier)
            && let Some(call) = result.get("callId").and_then(|id| id.as_str()?.parse().ok())
        {
            let invitation_id = result.get("invitationId").and_then(|id| id.as_u64()).map(InvitationId);
            assert!(invitation_id.is_some(), "a call without an invitation: {result}");
            return Act::Hangup { target: HangupTarget::Call(call), invitation_id };
        }
        act.clone()
    }

    /// Follows an effect; 1 if it answers the input.
    fn effect(&mut self, entry: &Entry, effect: Effect) -> usize {
        let input = &entry.input;
        match effect.what {
            EffectKind::SignedIn { origin, session, at, call } | EffectKind::Resumed { origin, session, at, call } => {
                if let Some(call) = call {
                    self.invitations.shown(&at.user, &call);
                }
                assert_eq!(origin, self.origin_of(input), "somebody else is answered");
                if !self.sessions.contains(&session) {
                    self.sessions.push(session);
                }
                if matches!(input, Input::Resume { .. }) {
                    self.seqs.remove(&session);
                }
                return 1;
            }
            EffectKind::SignInRefused { origin, .. }
            | EffectKind::ResumeRefused { origin, .. }
            | EffectKind::AdminReply { origin, .. } => {
                assert_eq!(origin, self.origin_of(input), "somebody else is answered");
                return 1;
            }
            EffectKind::Reply { session, id, outcome } => {
                if let Ok(result) = &outcome
                    && let Some(call) = result.get("callId").and_then(|id| id.as_str()?.parse().ok())
                    && !self.issued.contains(&call)
                {
                    self.issued.push(call);
                }
                if outcome.is_ok() {
                    let first = self.answered.entry((session, id)).or_insert_with(|| outcome.clone());
                    assert_eq!(*first, outcome, "a repeated request is answered otherwise");
                }
                return 1;
            }
            EffectKind::Event { session, seq, event } => {
                if let Some(at) = self.exchange.device_of(session) {
                    self.invitations.told(&at.user, &event);
                }
                let last = self.seqs.insert(session, seq);
                assert!(last.is_none_or(|last| seq > last), "event {seq:?} after {last:?}");
            }
            EffectKind::Note(note) => {
                self.invitations.note(entry.position, &note);
                match note {
                    Note::CallStarted { call, .. } => assert!(self.open.insert(call), "{call} begins twice"),
                    Note::CallEnded { call, .. } => assert!(self.open.remove(&call), "{call} ends twice"),
                    _ => {}
                }
            }
            EffectKind::Record(record) => {
                assert!(!self.stored.contains(&record.call_id), "a record that is known to be kept");
                assert!(self.records.insert(record.call_id), "a record is given twice");
            }
            EffectKind::Hook(hook) => {
                let (number, waits) = self.hooks.get(&hook.call_id).copied().unwrap_or((0, false));
                assert!(!waits, "a webhook while another of its call waits");
                assert_eq!(hook.number, number + 1, "a webhook out of order");
                assert_eq!(number == 0, matches!(hook.event, HookEvent::Started { .. }), "the first is a call's start");
                self.hooks.insert(hook.call_id, (hook.number, true));
            }
            _ => {}
        }
        0
    }

    fn origin_of(&self, input: &Input) -> u64 {
        match input {
            Input::SignIn { origin, .. }
            | Input::Renew { origin, .. }
            | Input::Resume { origin, .. }
            | Input::Admin { origin, .. } => *origin,
            _ => panic!("nothing that has an origin: {input:?}"),
        }
    }

    /// The process dies and starts again, from a snapshot or from the log alone.
    fn crash(&mut self, keeps: bool) {
        if keeps {
            let written = serde_json::to_string(&self.exchange.snapshot()).expect("a snapshot can be written");
            self.kept = Some(serde_json::from_str(&written).expect("and read"));
            self.tail.clear();
        }
        self.epoch += 1;
        let recovered = Exchange::recover(APP, self.epoch, self.kept.clone(), &self.tail).expect("the log is whole");
        assert!(recovered.snapshot() == self.exchange.snapshot(), "the log makes the state again");
        self.exchange = recovered;
        self.seqs.clear();
        self.take(Input::Started);
    }

    /// Everything ends in an orderly way, and then nothing is left.
    fn all_goes_home(&mut self) {
        self.crash(false);
        for live in self.exchange.switchboard().live_calls() {
            self.origin += 1;
            self.take(Input::Admin { origin: self.origin, act: AdminAct::EndCall(live.call_id) });
        }
        for session in self.sessions.clone() {
            self.take(Input::Request { session, id: RequestId(u64::MAX), act: Act::Logout });
        }
        while let Some(due) = self.exchange.deadline() {
            self.now = self.now.max(due);
            self.take(Input::Tick);
        }
        assert_eq!(self.exchange.sessions(), 0, "a session is left over");
        assert_eq!(self.exchange.switchboard().calls(), 0, "a call is left over");
        assert!(self.open.is_empty(), "a call that never ended: {:?}", self.open);
        let unstored: Vec<CallId> = self.records.difference(&self.stored).copied().collect();
        self.take(Input::RecordsKept { calls: unstored });
        assert_eq!(self.exchange.unkept_records(), 0, "a record is left over");
        while let Some((call, number)) = self.hooks.iter().find_map(|(call, (n, waits))| waits.then_some((*call, *n))) {
            self.take(Input::HookDone { call, number, taken: true });
        }
        assert_eq!((self.exchange.waiting_hooks(), self.exchange.hooked_calls()), (0, 0), "a webhook is left over");
        let all = Exchange::recover(APP, self.epoch + 1, self.kept.clone(), &self.tail).expect("the log is whole");
        assert!(all.snapshot() == self.exchange.snapshot(), "the log makes the state again");
    }
}
