//! Records of calls that are over, on their way from the exchange to the store.

use super::Shard;
use tsuwa_exchange::{Input, LogError};
use tsuwa_proto::Millis;

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

    /// Takes away some of the records that are older than they may get. To be done at each snapshot: between two, fewer
    /// calls end than it takes away.
    pub(super) fn prune_records(&mut self) -> Result<(), LogError> {
        let Some(kept) = self.records_kept else { return Ok(()) };
        let kept_ms = u64::try_from(kept.as_millis()).unwrap_or(u64::MAX);
        let before = Millis(self.clock.now().0.saturating_sub(kept_ms));
        let pruned = self.log.prune_records(before)?;
        if pruned > 0 {
            tracing::debug!(app = self.app.0, pruned, "old records were taken away");
        }
        Ok(())
    }
}
