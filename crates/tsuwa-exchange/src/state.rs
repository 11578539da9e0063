//! What is replayed.

use crate::Entry;
use crate::hooks::Hooks;
use crate::ledger::Ledger;
use crate::sessions::Sessions;
use serde::{Deserialize, Serialize};
use tsuwa_call::Switchboard;
use tsuwa_proto::{AppId, Millis};

/// Everything that follows from the log, and nothing else.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) app: AppId,
    /// The last entry taken, 0 before the first.
    pub(crate) position: u64,
    pub(crate) at: Millis,
    pub(crate) switchboard: Switchboard,
    pub(crate) sessions: Sessions,
    pub(crate) ledger: Ledger,
    pub(crate) hooks: Hooks,
}

impl State {
    pub(crate) fn new(app: AppId) -> Self {
        Self {
            app,
            position: 0,
            at: Millis::default(),
            switchboard: Switchboard::new(),
            sessions: Sessions::default(),
            ledger: Ledger::default(),
            hooks: Hooks::default(),
        }
    }

    pub(crate) fn is_next(&self, entry: &Entry) -> bool {
        if self.position == 0 { entry.position > 0 } else { entry.position == self.position + 1 }
    }
}
