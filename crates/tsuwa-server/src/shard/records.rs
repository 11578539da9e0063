//! Records of calls that are over: on their way from the exchange to the store, and out of it when they are too old.

use super::Shard;
use std::time::Duration;
use tsuwa_exchange::{Input, LogError};
use tsuwa_proto::Millis;

/// How often it is looked whether there are records that are too old; they stay that much longer at the most.
const LOOK_EVERY_MS: u64 = 60 * 60 * 1000;
/// If there were more than are taken away at once, it goes on after so long. In between calls are served.
const GO_ON_MS: u64 = 500;

/// How long records stay, and when it is to be looked for older ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retention {
    /// `None`: for ever.
    kept_ms: Option<u64>,
    due: Millis,
}

impl Retention {
    /// The first look is due at once.
    pub(super) fn new(kept: Option<Duration>) -> Self {
        let kept_ms = kept.map(|kept| u64::try_from(kept.as_millis()).unwrap_or(u64::MAX));
        Self { kept_ms, due: Millis::default() }
    }

    /// When the next look is due.
    pub(super) fn due(&self) -> Option<Millis> {
        self.kept_ms.map(|_| self.due)
    }
}

impl Shard {
    /// Writes the records that are waiting, and says so to the exchange. A process that dies in between writes them again
    /// at its next start, which changes nothing.
    pub(super) fn keep_records(&mut self) -> Result<(), LogError> {
        if self.records.is_empty() {
            return Ok(());
        }
        let records = std::mem::take(&mut self.records);
        self.log.keep_records(&records)?;
        let calls = records.iter().map(|record| record.call_id).collect();
        self.input(Input::RecordsKept { calls });
        Ok(())
    }

    /// Takes records away that are too old, if a look is due.
    pub(super) fn prune_records(&mut self) -> Result<(), LogError> {
        let now = self.clock.now();
        let Retention { kept_ms: Some(kept_ms), due } = self.retention else { return Ok(()) };
        if now < due {
            return Ok(());
        }
        let pruned = self.log.prune_records(Millis(now.0.saturating_sub(kept_ms)))?;
        self.retention.due = now.plus(if pruned.more { GO_ON_MS } else { LOOK_EVERY_MS });
        if pruned.records > 0 {
            tracing::info!(app = self.app.0, records = pruned.records, "records were old enough to be taken away");
        }
        Ok(())
    }
}
