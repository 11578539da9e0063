//! The town's own books: the log's story as those who are concerned by it are told it, followed entry by entry and held
//! against what the server has.

mod account;
mod answers;
mod census;
mod made;
mod shadow;
mod story;
mod turn;

use crate::doing::PhoneNo;
use crate::laws::{Law, Laws};
use crate::server::PhoneOf;
use crate::town::Town;
use account::Account;
use made::Made;
use shadow::Shadow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
pub(crate) use story::Stage;
use story::Story;
use tsuwa_call::{DeviceKey, Policy};
use tsuwa_exchange::{Effect, EffectKind, Entry, Exchange, Input};
use tsuwa_proto::{CallId, CallRecord, Event, EventSeq, Outcome, RequestId, SessionId, UserId};

/// Everything that the town knows by itself.
#[derive(Default)]
pub(crate) struct Books {
    phones: PhoneOf,
    keys: Vec<DeviceKey>,
    stories: Vec<Story>,
    of_session: BTreeMap<SessionId, PhoneNo>,
    made: Made,
    results: BTreeMap<(SessionId, RequestId), Outcome>,
    calls: BTreeMap<CallId, Account>,
    live: BTreeSet<CallId>,
    shadow: Shadow,
    policy: Policy,
    /// A hash of each entry's effects.
    effects: Vec<u64>,
    entries: u64,
    // While one entry is taken.
    touched: BTreeSet<PhoneNo>,
    changed: BTreeSet<CallId>,
    uncertain: bool,
}

impl Town {
    /// An entry has taken effect; these are its effects.
    pub(crate) fn keep_books(&mut self, entry: &Entry, effects: &[Effect]) {
        self.counts.entries += 1;
        self.books.take(entry, effects, &self.server.exchange, &mut self.laws);
        self.counts.calls = self.books.calls.len() as u64;
    }

    /// Whatever is looked at once in a while: everybody, and not only those whom the last entry concerned.
    pub(crate) fn look_at_everybody(&mut self) {
        if self.server.alive && self.server.is_idle() {
            let everybody = 0..self.phones.len();
            self.books.touched.extend(everybody.clone());
            self.books.compare(&self.server.exchange, &mut self.laws);
            let live = self.books.live.iter().copied().collect();
            self.books.census(live, None, &self.server.exchange, &mut self.laws);
            everybody.for_each(|phone| self.settled(phone));
        }
    }

    /// A record comes to the store for the first time.
    pub(crate) fn check_record(&mut self, record: &CallRecord) {
        let fits = match self.books.calls.get(&record.call_id) {
            Some(account) => account.fits(record, record.call_id),
            None => Err(format!("a record of call {}, which nobody began", record.call_id)),
        };
        self.laws.hold(Law::RecordMatches, fits.is_ok(), || fits.unwrap_err());
    }

    /// Plays the whole log again: the same effects, the same state.
    pub(crate) fn replay(&mut self) {
        let mut again = Exchange::new(crate::server::APP, 1);
        for (entry, first) in self.disk.whole.iter().zip(&self.books.effects) {
            again.committed(entry);
            let mut hasher = DefaultHasher::new();
            while let Some(effect) = again.poll_effect() {
                effect.what.hash(&mut hasher);
            }
            let same = hasher.finish() == *first;
            self.laws.hold(Law::EffectsSame, same, || format!("entry {} has other effects", entry.position));
            if !same {
                return;
            }
        }
        let same = again.snapshot() == self.server.exchange.snapshot();
        self.laws.hold(Law::ReplaySame, same, || "the whole log gives another state".to_owned());
    }
}

impl Books {
    pub(crate) fn new(phones: &PhoneOf) -> Self {
        let mut keys: Vec<(PhoneNo, DeviceKey)> = phones.iter().map(|(at, phone)| (*phone, at.clone())).collect();
        keys.sort();
        Self {
            phones: phones.clone(),
            stories: vec![Story::default(); keys.len()],
            keys: keys.into_iter().map(|(_, at)| at).collect(),
            ..Self::default()
        }
    }

    fn take(&mut self, entry: &Entry, effects: &[Effect], exchange: &Exchange, laws: &mut Laws) {
        let mut hasher = DefaultHasher::new();
        effects.iter().for_each(|effect| effect.what.hash(&mut hasher));
        self.effects.push(hasher.finish());
        self.entries += 1;
        self.touched.clear();
        self.changed.clear();
        self.uncertain = effects.iter().any(|effect| matches!(effect.what, EffectKind::Lapsed { .. }));
        self.before(entry);
        for effect in effects {
            self.follow(entry, &effect.what, effects, laws);
        }
        self.census(self.changed.clone(), Some((entry, effects)), exchange, laws);
        self.compare(exchange, laws);
        if matches!(entry.input, Input::Tick) {
            let due = exchange.deadline();
            laws.hold(Law::DueInTime, due.is_none_or(|due| due > entry.at), || format!("{due:?} is due after a tick"));
        }
    }

    /// Whether the server has everybody whom the entry touched where they were told to be.
    fn compare(&mut self, exchange: &Exchange, laws: &mut Laws) {
        for phone in std::mem::take(&mut self.touched) {
            let (story, at) = (&mut self.stories[phone], &self.keys[phone]);
            if let Some(owed) = story.owed {
                let told = !(story.socket_up && story.session.is_some());
                laws.hold(Law::OneEnd, told, || {
                    format!("{} is back and is not told that call {owed} is over", at.device.as_str())
                });
            }
            let Some(session) = story.session else { continue };
            let lives = exchange.session_of(at) == Some(session);
            laws.hold(Law::StoryIsState, lives, || format!("{}'s session is gone", at.device.as_str()));
            let state = exchange.switchboard().call_of(at);
            laws.hold(Law::StoryIsState, story.agrees(state.as_ref()), || {
                let name = at.device.as_str();
                format!(
                    "{name} was told {}, the server has {}",
                    crate::trace::story(&story.stage),
                    crate::trace::state(state.as_ref())
                )
            });
            let odd = story.misjudges(|call, user| exchange.switchboard().is_lost(call, user));
            laws.hold(Law::DownIsKnown, odd.is_none(), || {
                format!("{} was told {}, and {odd:?}", at.device.as_str(), crate::trace::story(&story.stage))
            });
            if let story::Stage::Ringing(call) = story.stage {
                let stands = self.calls.get_mut(&call).is_some_and(|account| account.standing(&at.user).is_some());
                laws.hold(Law::RingsNoLonger, stands, || format!("{} rings on", at.device.as_str()));
            }
        }
    }

    // What others ask of the books.

    pub(crate) fn was_asked(&self, session: SessionId, id: RequestId) -> bool {
        self.results.contains_key(&(session, id))
    }

    /// How many invitations began and ended while a device was away.
    pub(crate) fn skipped(&self) -> u64 {
        self.made.left_out
    }

    pub(crate) fn seen(&mut self, session: SessionId, seq: EventSeq, event: &Event) -> Result<(), &'static str> {
        self.made.see(session, seq, event)
    }

    pub(crate) fn unseen(&self, session: SessionId) -> Option<&Event> {
        self.made.unseen(session)
    }

    pub(crate) fn ever_consented(&self, call: CallId, phone: PhoneNo) -> bool {
        self.shadow.ever.contains(&(call, self.keys[phone].clone()))
    }

    pub(crate) fn record_of(&self, call: CallId) -> Option<Known<'_>> {
        self.calls.get(&call).map(|account| Known { account, call })
    }

    pub(crate) fn all_calls(&self) -> Vec<CallId> {
        self.calls.keys().copied().collect()
    }

    pub(crate) fn live_calls(&self) -> usize {
        self.live.len()
    }

    pub(crate) fn some_call(&self, draw: u64) -> CallId {
        // Mostly of late; sometimes one that never was.
        let recent = self.calls.len().min(12) as u64;
        let back = draw % (recent + 1);
        self.calls.keys().rev().nth(back as usize).copied().unwrap_or(CallId(1))
    }

    pub(crate) fn some_live_call(&self, draw: u64) -> CallId {
        let count = self.live.len() as u64;
        let found = if count == 0 { None } else { self.live.iter().nth((draw % count) as usize) };
        found.copied().unwrap_or_else(|| self.some_call(draw))
    }

    pub(crate) fn nobody_owed(&self) -> Option<&str> {
        let found = self.stories.iter().position(|story| story.owed.is_some() || story.call().is_some())?;
        Some(self.keys[found].device.as_str())
    }

    pub(crate) fn rooms_are_gone(&self) -> bool {
        self.shadow.is_empty() && self.shadow.consent.is_empty()
    }

    fn phone_at(&self, at: &DeviceKey) -> Option<PhoneNo> {
        self.phones.get(at).copied()
    }

    /// Everybody's phones.
    fn phones_of(&self, user: &UserId) -> Vec<PhoneNo> {
        self.keys.iter().enumerate().filter(|(_, at)| at.user == *user).map(|(phone, _)| phone).collect()
    }
}

/// An account to hold a record against.
pub(crate) struct Known<'a> {
    account: &'a Account,
    call: CallId,
}

impl Known<'_> {
    pub(crate) fn fits(&self, record: &CallRecord) -> Result<(), String> {
        self.account.fits(record, self.call)
    }
}
