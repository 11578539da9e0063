//! Snapshots, and the way from one and the log's tail back to an exchange.

use crate::hooks::Hooks;
use crate::ledger::Ledger;
use crate::sessions::Sessions;
use crate::state::State;
use crate::turn::Turn;
use crate::{Entry, Exchange};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt;
use tsuwa_call::Switchboard;
use tsuwa_proto::{AppId, Millis};

/// All that an exchange is, at one position of its log. Serialised it says its version; one of a version that this
/// program does not know is refused when it is read.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Snapshot(Versioned);

/// A later version adds a variant, and reads the one before.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "version", content = "state")]
enum Versioned {
    /// Before there were records and webhooks.
    #[serde(rename = "1")]
    V1(Box<StateV1>),
    #[serde(rename = "2")]
    V2(Box<State>),
}

/// What a state of version 1 held.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
struct StateV1 {
    app: AppId,
    position: u64,
    at: Millis,
    switchboard: Switchboard,
    sessions: Sessions,
}

impl From<StateV1> for State {
    /// A call that began before there were records gets one all the same, of what is known of it now.
    fn from(old: StateV1) -> Self {
        let StateV1 { app, position, at, switchboard, sessions } = old;
        let ledger = Ledger::of(&switchboard);
        Self { app, position, at, switchboard, sessions, ledger, hooks: Hooks::default() }
    }
}

impl Snapshot {
    /// The last entry that is in it.
    pub fn position(&self) -> u64 {
        match &self.0 {
            Versioned::V1(state) => state.position,
            Versioned::V2(state) => state.position,
        }
    }
}

/// Why a log and its snapshot don't make an exchange. Nothing can be mended by trying again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RecoverError {
    /// The snapshot is another app's.
    OtherApp(AppId),
    /// An entry is missing.
    Gap {
        /// The position that was due.
        due: u64,
        /// The position that came.
        came: u64,
    },
    /// A position so high that no log comes to it: the snapshot or the entry is not as it was written.
    Position(u64),
}

/// Positions begin below 2^63 and go up by one.
const HIGHEST: u64 = u64::MAX - (1 << 62);

impl fmt::Display for RecoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherApp(app) => write!(f, "the snapshot is of app {}", app.0),
            Self::Gap { due, came } => write!(f, "entry {due} of the log is missing; {came} came"),
            Self::Position(position) => write!(f, "no log has an entry {position}; it was damaged"),
        }
    }
}

impl std::error::Error for RecoverError {}

impl Exchange {
    /// All that this exchange is now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(Versioned::V2(Box::new(self.state().clone())))
    }

    /// The exchange that the log makes. `tail` may begin before the snapshot's position. Nothing is emitted: what was
    /// not delivered is emitted again when its device resumes, and [`crate::Input::Started`], to be proposed next,
    /// opens the calls' rooms anew and gives records and webhooks again that are not known to have arrived.
    ///
    /// # Errors
    /// [`RecoverError`] if the parts don't fit.
    pub fn recover(app: AppId, epoch: u64, snapshot: Option<Snapshot>, tail: &[Entry]) -> Result<Self, RecoverError> {
        let mut state = match snapshot {
            Some(Snapshot(Versioned::V1(state))) => (*state).into(),
            Some(Snapshot(Versioned::V2(state))) => *state,
            None => State::new(app),
        };
        if state.app != app {
            return Err(RecoverError::OtherApp(state.app));
        }
        let positions = tail.iter().map(|entry| entry.position).chain([state.position]);
        if let Some(highest) = positions.max().filter(|highest| *highest > HIGHEST) {
            return Err(RecoverError::Position(highest));
        }
        let mut dropped = VecDeque::new();
        let covered = state.position;
        for entry in tail.iter().skip_while(|entry| entry.position <= covered) {
            if !state.is_next(entry) {
                return Err(RecoverError::Gap { due: state.position + 1, came: entry.position });
            }
            Turn::new(&mut state, &mut dropped, epoch, entry).take(&entry.input);
            dropped.clear();
        }
        Ok(Self::with(epoch, state))
    }
}
