//! The store of records, and the receiver of webhooks: what they got, and that they got it once and in order.

use crate::doing::Do;
use crate::laws::Law;
use crate::server::ToShard;
use crate::town::{Fault, Town};
use std::collections::BTreeMap;
use tsuwa_proto::{CallId, CallRecord, Hook, HookEvent, UserId};

/// Something that the process has to do outside.
#[derive(Clone)]
pub(crate) enum Errand {
    /// Write the records that wait.
    Write,
    /// Deliver a webhook; so often it was tried.
    Deliver(Box<Hook>, u32),
}

/// They outlive every process.
#[derive(Default)]
pub(crate) struct Outside {
    store: BTreeMap<CallId, CallRecord>,
    to_write: Vec<CallRecord>,
    received: BTreeMap<CallId, Received>,
    /// Until when the receiver answers nobody, and the store is slow.
    pub(crate) receiver_away_until: u64,
}

/// The webhooks of a call, as they came.
#[derive(Default)]
struct Received {
    hooks: Vec<Hook>,
    open: Vec<UserId>,
    given_up: bool,
}

impl Outside {
    /// What a dead process wanted to do is not done.
    pub(crate) fn forget_errands(&mut self) {
        self.to_write.clear();
    }

    pub(crate) fn records(&self) -> usize {
        self.store.len()
    }

    pub(crate) fn hooks(&self) -> usize {
        self.received.values().map(|received| received.hooks.len()).sum()
    }

    pub(crate) fn has_record(&self, call: CallId) -> bool {
        self.store.contains_key(&call)
    }

    /// Whether the call's story has come to its end, or a part of it was given up.
    pub(crate) fn story_is_whole(&self, call: CallId) -> bool {
        self.received.get(&call).is_some_and(|received| {
            received.given_up || matches!(received.hooks.last(), Some(Hook { event: HookEvent::Ended(_), .. }))
        })
    }
}

impl Town {
    /// Effects: a record is to be written. Several that come close together are written at once.
    pub(crate) fn record(&mut self, record: CallRecord) {
        self.outside.to_write.push(record);
        if self.outside.to_write.len() == 1 {
            let slow = if self.troubled && self.dice.chance(50) { self.dice.within(200, 9_000) } else { 5 };
            let at = self.now + 1 + self.dice.below(slow);
            self.queue.put(at, Do::Errand(self.server.life, Errand::Write));
        }
    }

    pub(crate) fn hook(&mut self, hook: Hook) {
        let at = self.now + 1 + self.dice.below(60);
        self.queue.put(at, Do::Errand(self.server.life, Errand::Deliver(Box::new(hook), 1)));
    }

    pub(crate) fn errand(&mut self, life: u32, errand: Errand) {
        if life != self.server.life {
            return;
        }
        match errand {
            Errand::Write => self.write(),
            Errand::Deliver(hook, tries) => self.deliver(hook, tries),
        }
    }

    fn write(&mut self) {
        let records = std::mem::take(&mut self.outside.to_write);
        let calls: Vec<CallId> = records.iter().map(|record| record.call_id).collect();
        for record in records {
            let call = record.call_id;
            match self.outside.store.get(&call) {
                None => {
                    self.check_record(&record);
                    self.outside.store.insert(call, record);
                }
                Some(known) => {
                    let same = *known == record;
                    self.counts.fault(Fault::RecordTwice);
                    self.laws.hold(Law::RecordOnce, same, || format!("call {call} has two records that differ"));
                }
            }
        }
        if self.troubled && self.dice.chance(40) {
            // The process dies when the store has them and the log does not know it; or just writes them again.
            for call in calls {
                let again = self.outside.store.get(&call).cloned();
                again.into_iter().for_each(|record| self.record(record));
            }
            return;
        }
        self.at_shard(self.server.life, 0, None, ToShard::RecordsKept { calls });
    }

    fn deliver(&mut self, hook: Box<Hook>, tries: u32) {
        let (call, number) = (hook.call_id, hook.number);
        let fails = self.outside.receiver_away_until > self.now || (self.troubled && self.dice.chance(60));
        if fails {
            self.counts.fault(Fault::HookFailed);
            if tries >= 12 {
                self.outside.received.entry(call).or_default().given_up = true;
                self.counts.fault(Fault::HookGivenUp);
                return self.at_shard(self.server.life, 0, None, ToShard::HookDone { call, number, taken: false });
            }
            let pause = 200u64 << tries.min(5);
            let at = self.now + pause + self.dice.below(pause);
            self.queue.put(at, Do::Errand(self.server.life, Errand::Deliver(hook, tries + 1)));
            return;
        }
        self.receive(&hook);
        if self.troubled && self.dice.chance(15) {
            // It was taken, but the answer got lost.
            self.counts.fault(Fault::HookTwice);
            let at = self.now + 500;
            self.queue.put(at, Do::Errand(self.server.life, Errand::Deliver(hook, tries + 1)));
            return;
        }
        self.at_shard(self.server.life, 0, None, ToShard::HookDone { call, number, taken: true });
    }

    fn receive(&mut self, hook: &Hook) {
        let call = hook.call_id;
        let received = self.outside.received.entry(call).or_default();
        if let Some(known) = received.hooks.iter().find(|known| known.number == hook.number) {
            let (same, is_last) = (known == hook, received.hooks.last() == Some(known));
            self.laws.hold(Law::HooksInOrder, same && is_last, || format!("call {call}: {hook:?} comes again"));
            return;
        }
        let due = received.hooks.last().map_or(1, |last| last.number + 1);
        let in_order = hook.number == due || received.given_up;
        let later = received.hooks.last().is_none_or(|last| last.at <= hook.at);
        received.hooks.push(hook.clone());
        self.laws.hold(Law::HooksInOrder, in_order && later, || format!("call {call}: {due} was due, {hook:?} came"));
        self.follow(hook);
    }

    /// Every start has an end.
    fn follow(&mut self, hook: &Hook) {
        let call = hook.call_id;
        let Some(received) = self.outside.received.get_mut(&call) else { return };
        if received.given_up {
            return;
        }
        let count = received.hooks.len();
        let fits = match &hook.event {
            HookEvent::Started { .. } => count == 1,
            HookEvent::Invited { user_id, .. } => {
                let first = !received.open.contains(user_id);
                received.open.push(user_id.clone());
                first && count > 1
            }
            HookEvent::Answered { user_id, .. } | HookEvent::Cancelled { user_id, .. } => {
                let known = received.open.contains(user_id);
                received.open.retain(|open| open != user_id);
                known
            }
            HookEvent::Ended(record) => {
                let record = record.clone();
                let none = received.open.is_empty();
                let account = self.books.record_of(call);
                let same = account.is_none_or(|account| account.fits(&record).is_ok());
                none && same && count > 1
            }
        };
        self.laws.hold(Law::HooksComplete, fits, || format!("call {call}: {hook:?} does not fit what came before"));
    }

    /// Whether everything that was made has come. At the end of a day.
    pub(crate) fn check_outside(&mut self) {
        for call in self.books.all_calls() {
            let (kept, whole) = (self.outside.has_record(call), self.outside.story_is_whole(call));
            self.laws.hold(Law::RecordOnce, kept, || format!("call {call} has no record"));
            self.laws.hold(Law::HooksComplete, whole, || format!("call {call}: its webhooks have no end"));
        }
        let (records, calls) = (self.outside.records(), self.books.all_calls().len());
        self.laws.hold(Law::RecordOnce, records == calls, || format!("{records} records of {calls} calls"));
    }
}
