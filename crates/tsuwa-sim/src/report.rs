//! How often everything happened.

use crate::laws::LAWS;
use crate::rows::ROWS;
use crate::trouble::{FAULTS, Fault};
use std::collections::BTreeMap;
use std::fmt;
use tsuwa_proto::Code;

/// The refusals that a day can bring about. What is left out is said by the server's doors alone (a flood of sign-ins,
/// 70050) or by a device's own hardware.
const REFUSALS: [Code; 23] = [
    Code::NotJson,
    Code::NotARequest,
    Code::NoSuchMethod,
    Code::NoMediaWorker,
    Code::WrongState,
    Code::BadParameter,
    Code::NotSignedIn,
    Code::SignedInElsewhere,
    Code::BadUserId,
    Code::RateLimited,
    Code::SignInUnderWay,
    Code::InvitationOver,
    Code::InvitationNotYours,
    Code::AlreadyInvited,
    Code::NoConnection,
    Code::NoAnswer,
    Code::Blocked,
    Code::UserUnknown,
    Code::SigExpired,
    Code::SigEmpty,
    Code::SigUndecodable,
    Code::SigWrong,
    Code::SigOtherUser,
];
const MORE_REFUSALS: [Code; 2] = [Code::SigOtherApp, Code::AppUnknown];

/// How often each fault occurred.
#[derive(Clone, Debug)]
struct Tally([u64; FAULTS.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; FAULTS.len()])
    }
}

/// The counts of one seed, or of many together.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Seeds that these are of.
    pub seeds: u64,
    /// Things that happened.
    pub steps: u64,
    /// Inputs that were appended to logs.
    pub inputs: u64,
    /// Calls that got result 0.
    pub calls: u64,
    pub(crate) entries: u64,
    pub(crate) events: u64,
    pub(crate) sign_ins: u64,
    pub(crate) resumes: u64,
    pub(crate) lost: u64,
    pub(crate) acts: u64,
    pub(crate) records: u64,
    pub(crate) hooks: u64,
    pub(crate) forwarded: u64,
    pub(crate) stopped: u64,
    rows: BTreeMap<&'static str, u64>,
    refusals: BTreeMap<Code, u64>,
    faults: Tally,
    pub(crate) checked: [u64; LAWS.len()],
}

impl Counts {
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.0[fault as usize] += 1;
    }

    pub(crate) fn refusal(&mut self, code: Code) {
        *self.refusals.entry(code).or_default() += 1;
    }

    pub(crate) fn row(&mut self, row: &'static str) {
        *self.rows.entry(row).or_default() += 1;
    }

    /// Adds those of another seed.
    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.steps += other.steps;
        self.inputs += other.inputs;
        self.calls += other.calls;
        self.entries += other.entries;
        self.events += other.events;
        self.sign_ins += other.sign_ins;
        self.resumes += other.resumes;
        self.lost += other.lost;
        self.acts += other.acts;
        self.records += other.records;
        self.hooks += other.hooks;
        self.forwarded += other.forwarded;
        self.stopped += other.stopped;
        for (row, count) in &other.rows {
            *self.rows.entry(row).or_default() += count;
        }
        for (code, count) in &other.refusals {
            *self.refusals.entry(*code).or_default() += count;
        }
        self.faults.0.iter_mut().zip(other.faults.0).for_each(|(sum, count)| *sum += count);
        self.checked.iter_mut().zip(other.checked).for_each(|(sum, count)| *sum += count);
    }

    /// Whatever has not happened once: a row, a refusal, a fault, a check. Over some hundred seeds there is nothing.
    pub fn zeros(&self) -> Vec<String> {
        let rows = ROWS.iter().filter(|row| !self.rows.contains_key(*row)).map(|row| format!("row {row}"));
        let codes = REFUSALS.iter().chain(&MORE_REFUSALS);
        let codes =
            codes.filter(|code| !self.refusals.contains_key(code)).map(|code| format!("refusal {}", code.number()));
        let faults = FAULTS
            .iter()
            .filter(|(fault, _)| self.faults.0[*fault as usize] == 0)
            .map(|(_, name)| format!("fault: {name}"));
        let laws =
            LAWS.iter().filter(|(law, _)| self.checked[*law as usize] == 0).map(|(_, name)| format!("check: {name}"));
        rows.chain(codes).chain(faults).chain(laws).collect()
    }

    /// How many faults there were in all.
    pub fn faults(&self) -> u64 {
        FAULTS
            .iter()
            .filter(|(fault, _)| *fault != Fault::Snapshot)
            .map(|(fault, _)| self.faults.0[*fault as usize])
            .sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seeds, steps, inputs, calls, events, .. } = self;
        writeln!(
            f,
            "{seeds} seeds, {steps} steps, {inputs} inputs, {calls} calls, {events} events seen, {} faults",
            self.faults()
        )?;
        writeln!(
            f,
            "{} sign-ins, {} connections lost, {} resumes, {} administrators' acts, {} records, {} webhooks, {} packets forwarded, {} stopped",
            self.sign_ins, self.lost, self.resumes, self.acts, self.records, self.hooks, self.forwarded, self.stopped
        )?;
        writeln!(f, "\nrows of the table of scenarios:")?;
        for row in ROWS {
            write!(f, "  {row}: {}", self.rows.get(row).copied().unwrap_or_default())?;
        }
        writeln!(f, "\n\nrefusals:")?;
        for (code, count) in &self.refusals {
            write!(f, "  {}: {count}", code.number())?;
        }
        writeln!(f, "\n\nfaults:")?;
        for (fault, name) in FAULTS {
            writeln!(f, "  {:>12}  {name}", self.faults.0[fault as usize])?;
        }
        writeln!(f, "\nchecks:")?;
        for (law, name) in LAWS {
            writeln!(f, "  {:>12}  {name}", self.checked[law as usize])?;
        }
        Ok(())
    }
}
