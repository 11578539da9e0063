//! What the parties know of their calls, held against the server's records.

use crate::bench::stand::Stand;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tsuwa::CallId;
use tsuwa_proto::{CallOutcome, CallRecord};

/// Faults that are named one by one; those beyond are counted.
const NAMED: usize = 20;
/// The record of the last call is there by then.
const WRITTEN: Duration = Duration::from_secs(20);

/// Of every call that got result 0.
#[derive(Default)]
pub(super) struct Books(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    calls: BTreeMap<CallId, (String, CallOutcome)>,
    /// `call`s that had no answer: whether they began a call is not known.
    unanswered: usize,
    faults: Vec<String>,
}

impl Books {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call of this caller, which for that caller ends so.
    pub(super) fn ended(&self, call: Option<CallId>, caller: &str, outcome: CallOutcome) -> Result<(), String> {
        let call = call.ok_or_else(|| format!("{caller}'s call has no id"))?;
        match self.pages().calls.insert(call, (caller.to_owned(), outcome)) {
            None => Ok(()),
            Some((other, _)) => Err(format!("{caller}'s call {call} was {other}'s before")),
        }
    }

    pub(super) fn not_answered(&self) {
        self.pages().unanswered += 1;
    }

    pub(super) fn fault(&self, why: String) {
        self.pages().faults.push(why);
    }

    pub(super) fn calls(&self) -> usize {
        self.pages().calls.len()
    }

    pub(super) fn begun(&self) -> BTreeSet<CallId> {
        self.pages().calls.keys().copied().collect()
    }

    pub(super) fn unanswered(&self) -> usize {
        self.pages().unanswered
    }

    /// Whether every call that the server may have is in the books.
    pub(super) fn is_complete(&self) -> bool {
        let pages = self.pages();
        pages.unanswered == 0 && pages.faults.is_empty()
    }

    pub(super) fn faults(&self) -> Vec<String> {
        named(self.pages().faults.clone(), "stories went wrong")
    }

    pub(super) fn outcomes(&self) -> String {
        let mut counts = BTreeMap::<CallOutcome, usize>::new();
        for (_, outcome) in self.pages().calls.values() {
            *counts.entry(*outcome).or_default() += 1;
        }
        let words = counts.into_iter().map(|(outcome, count)| format!("{count} {}", word(outcome)));
        words.collect::<Vec<_>>().join(", ")
    }

    /// Each call has one record, which says what its people saw; and no other has any.
    pub(super) async fn check_records(&self, stand: &Stand) -> Vec<String> {
        let by = Instant::now() + WRITTEN;
        loop {
            let records = match all_records(stand).await {
                Ok(records) => records,
                Err(why) => return vec![why],
            };
            let wrong = self.compare(&records);
            if wrong.is_empty() {
                println!("{} records of {} calls", records.len(), self.calls());
                return wrong;
            }
            if Instant::now() >= by {
                return named(wrong, "records are wrong");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn compare(&self, records: &[CallRecord]) -> Vec<String> {
        let complete = self.is_complete();
        let pages = self.pages();
        let mut found = BTreeMap::<CallId, usize>::new();
        let mut wrong = Vec::new();
        for record in records {
            *found.entry(record.call_id).or_default() += 1;
            match pages.calls.get(&record.call_id) {
                Some((caller, outcome)) if caller == record.caller.as_str() && *outcome == record.outcome => {}
                Some((caller, outcome)) => wrong.push(format!(
                    "call {} of {caller} was {}; its record says {} of {}",
                    record.call_id,
                    word(*outcome),
                    word(record.outcome),
                    record.caller.as_str()
                )),
                None if complete => wrong.push(format!("there is a record of {}, which nobody made", record.call_id)),
                None => {}
            }
        }
        wrong.extend(pages.calls.keys().filter_map(|call| match found.get(call) {
            Some(1) => None,
            count => Some(format!("call {call} has {} records", count.unwrap_or(&0))),
        }));
        wrong
    }
}

/// Page by page.
async fn all_records(stand: &Stand) -> Result<Vec<CallRecord>, String> {
    let mut all: Vec<CallRecord> = Vec::new();
    loop {
        let before = all.last().map(|record| format!("&before={}", record.call_id)).unwrap_or_default();
        let mut page = stand.ask(&format!("records?limit=100{before}")).await?;
        let records: Vec<CallRecord> =
            serde_json::from_value(page["records"].take()).map_err(|error| format!("the records: {error}"))?;
        let none = records.is_empty();
        all.extend(records);
        if none || page["more"] == false {
            return Ok(all);
        }
    }
}

/// The first of many faults.
pub(super) fn named(mut faults: Vec<String>, what: &str) -> Vec<String> {
    let count = faults.len();
    if count > NAMED {
        faults.truncate(NAMED);
        faults.push(format!("… {count} {what}"));
    }
    faults
}

fn word(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Answered => "answered",
        CallOutcome::NoAnswer => "not answered",
        CallOutcome::Declined => "declined",
        CallOutcome::Busy => "busy",
        CallOutcome::Cancelled => "cancelled",
        CallOutcome::Failed => "failed",
    }
}
