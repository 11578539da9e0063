//! One entry taking effect.

use crate::hooks::Next;
use crate::state::State;
use crate::{Effect, EffectId, EffectKind, Entry, Input};
use std::collections::{BTreeSet, VecDeque};
use tsuwa_call::{self as call, DeviceKey, Note, Output, Reply, SignedOutWhy};
use tsuwa_proto::{Event, Millis, Refusal, SessionId};

/// The state while one entry is taken.
pub(crate) struct Turn<'a> {
    pub(crate) state: &'a mut State,
    effects: &'a mut VecDeque<Effect>,
    next: EffectId,
    pub(crate) at: Millis,
    /// Sessions that may have come into a call or out of one.
    touched: BTreeSet<SessionId>,
    /// This session's events are kept and not emitted: they follow its `Resumed`.
    pub(crate) held: Option<SessionId>,
    /// This device's older session has been taken away; the switchboard's word of it is still to come.
    pub(crate) replacing: Option<DeviceKey>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(state: &'a mut State, effects: &'a mut VecDeque<Effect>, epoch: u64, entry: &Entry) -> Self {
        state.position = entry.position;
        state.at = state.at.max(entry.at);
        let next = EffectId { epoch, position: entry.position, index: 0 };
        let at = state.at;
        Self { state, effects, next, at, touched: BTreeSet::new(), held: None, replacing: None }
    }

    pub(crate) fn take(mut self, input: &Input) {
        match input {
            Input::Started => self.started(),
            Input::Tick => self.tick(),
            Input::Capacity { open } => self.pass_on(call::Input::Capacity { open: *open }),
            Input::SignIn { origin, at, media, expires_at } => self.sign_in(*origin, at, *media, *expires_at),
            Input::Renew { origin, session, expires_at } => self.renew(*origin, *session, *expires_at),
            Input::Resume { origin, session, last_seq } => self.resume(*origin, *session, *last_seq),
            Input::Socket { session, up } => self.socket(*session, *up),
            Input::Request { session, id, act } => self.request(*session, *id, act),
            Input::Ack { session, seq } => {
                if let Some(found) = self.state.sessions.live_mut(*session) {
                    found.outbox.ack(*seq);
                }
            }
            Input::Settings { hooks } => self.state.hooks.set(*hooks),
            Input::RecordsKept { calls } => self.state.ledger.kept(calls),
            Input::HookDone { call, number, taken: _ } => {
                if let Some(next) = self.state.hooks.done(*call, *number) {
                    self.emit(EffectKind::Hook(Box::new(next)));
                }
            }
            Input::Media(report) => self.pass_on(call::Input::Media(report.clone())),
            Input::Admin { origin, act } => {
                self.decide(call::Input::Admin(act.clone()));
                self.carry_out(&mut |turn, result| {
                    turn.emit(EffectKind::AdminReply { origin: *origin, result });
                });
            }
        }
        self.tell_who_is_in_a_call();
    }

    pub(crate) fn emit(&mut self, what: EffectKind) {
        self.effects.push_back(Effect { id: self.next, what });
        self.next.index += 1;
    }

    /// The switchboard takes an input that is not replied to.
    pub(crate) fn pass_on(&mut self, input: call::Input) {
        self.decide(input);
        self.carry_out(&mut |_, _| {});
    }

    /// The switchboard takes an input; what follows waits for [`Self::carry_out`].
    pub(crate) fn decide(&mut self, input: call::Input) {
        self.state.switchboard.handle(self.state.position, self.at, input);
    }

    /// All that the switchboard has decided, in order.
    pub(crate) fn carry_out(&mut self, replied: &mut dyn FnMut(&mut Self, Result<Reply, Refusal>)) {
        while let Some(output) = self.state.switchboard.poll_output() {
            match output {
                Output::Reply(result) => replied(self, result),
                Output::Event { to, event } => self.event(&to, event),
                Output::SignedOut { at, why } => self.signed_out(&at, why),
                Output::Media(command) => self.emit(EffectKind::Media(command)),
                Output::Note(note) => self.note(note),
            }
        }
    }

    /// The switchboard may have put this session's device into a call, or out of one.
    pub(crate) fn touch(&mut self, session: SessionId) {
        self.touched.insert(session);
    }

    fn note(&mut self, note: Note) {
        let record = self.state.ledger.note(self.at, &note);
        let next = self.state.hooks.note(self.at, &note, record);
        if let Some(record) = record {
            let record = Box::new(record.clone());
            self.emit(EffectKind::Record(record));
        }
        match next {
            Next::Nothing => {}
            Next::Deliver(hook) => self.emit(EffectKind::Hook(hook)),
            Next::Full(call) => self.emit(EffectKind::HooksFull { call }),
        }
        self.emit(EffectKind::Note(note));
    }

    /// What an earlier process may not have carried out.
    pub(crate) fn tell_again(&mut self) {
        let records: Vec<_> = self.state.ledger.unkept().cloned().collect();
        let hooks: Vec<_> = self.state.hooks.firsts().cloned().collect();
        for record in records {
            self.emit(EffectKind::Record(Box::new(record)));
        }
        for hook in hooks {
            self.emit(EffectKind::Hook(Box::new(hook)));
        }
    }

    fn event(&mut self, to: &DeviceKey, event: Event) {
        // Who has lapsed is told of everything when signing in anew.
        let Some(session) = self.state.sessions.of_device(to) else { return };
        self.touch(session);
        let Some(found) = self.state.sessions.live_mut(session) else { return };
        match found.outbox.push(event.clone()) {
            Ok(seq) if self.held != Some(session) => self.emit(EffectKind::Event { session, seq, event }),
            Ok(_) => {}
            Err(_full) => {
                self.state.sessions.lapse(session, self.at);
                self.emit(EffectKind::Lapsed { session });
                self.decide(call::Input::Socket { at: to.clone(), up: false });
            }
        }
    }

    fn signed_out(&mut self, at: &DeviceKey, why: SignedOutWhy) {
        if why == SignedOutWhy::Replaced && self.replacing.take_if(|replaced| replaced == at).is_some() {
            return;
        }
        let Some(session) = self.state.sessions.of_device(at) else { return };
        self.state.sessions.remove(session);
        self.closed(session, why);
    }

    /// A session that was taken away is to be closed.
    pub(crate) fn closed(&mut self, session: SessionId, why: SignedOutWhy) {
        match why {
            SignedOutWhy::LoggedOut => {}
            SignedOutWhy::Kicked | SignedOutWhy::Removed | SignedOutWhy::Replaced => {
                self.state.sessions.remember_ended(session);
            }
        }
        self.emit(EffectKind::Close { session, why });
    }

    fn tell_who_is_in_a_call(&mut self) {
        for session in std::mem::take(&mut self.touched) {
            let Some(found) = self.state.sessions.live_mut(session) else { continue };
            let yes = self.state.switchboard.in_call(&found.at);
            if std::mem::replace(&mut found.in_call, yes) != yes {
                self.emit(EffectKind::InCall { session, yes });
            }
        }
    }
}
