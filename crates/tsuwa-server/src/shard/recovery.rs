//! A shard's beginning: its exchange as the log makes it.

use super::configured::Configured;
use crate::config::AppConfig;
use crate::store::{Keeper, LogSync, Store, StoreError};
use std::panic::catch_unwind;
use std::path::Path;
use std::time::Instant;
use tsuwa_call::AdminAct;
use tsuwa_exchange::{Exchange, Log, LogError};
use tsuwa_proto::Millis;

/// A clock that was set back by more than this is worth a word: most tickets are good for days, some for an hour.
const MUCH_AHEAD_MS: u64 = 60_000;

/// What is said of a log on which the switchboard panics.
const PANICKED: &str = "the switchboard fails on one of its entries, which is a fault of tsuwa. `tsuwa log replay` prints \
    on which; please report it with what `tsuwa log show --mask --json` prints. The calls go on with a version that has \
    the fault mended; moving the file away gives them up, with the lists and records that are in it";

/// What a log made.
#[derive(Debug)]
pub(crate) struct Recovered {
    pub(crate) exchange: Exchange,
    pub(crate) log: Store,
    /// How many entries there are behind the snapshot.
    pub(crate) grown: u64,
    /// What the configuration says anew.
    pub(crate) first: Vec<AdminAct>,
    /// What is to be remembered as applied when those are done; `None` if that is known already.
    pub(crate) configured: Option<String>,
}

impl Recovered {
    /// Opens the log of an app, makes it if there is none, and replays it. `now`: by the machine's clock.
    ///
    /// # Errors
    /// It can't be used. Then the file is as it was.
    pub(crate) fn from_log(
        path: &Path,
        config: &AppConfig,
        sync: LogSync,
        keeper: &Keeper,
        now: Millis,
    ) -> Result<Self, StoreError> {
        let began = Instant::now();
        let mut log = Store::open(path, config.id, sync, keeper)?;
        let wrote = log.program();
        let refused = |why: LogError| StoreError::new(path, why).written_by(wrote.clone());
        let stored = log.load().map_err(refused)?;
        let applied = log.configured().map_err(refused)?;
        let epoch = log.reign().map_err(refused)?;
        let grown = stored.tail.len() as u64;
        // What made the switchboard panic is in the log, and would do so at every start.
        let recover = || Exchange::recover(config.id, epoch, stored.snapshot, &stored.tail);
        let exchange = catch_unwind(recover)
            .map_err(|_| refused(LogError::Failed(PANICKED.to_owned())))?
            .map_err(|error| refused(LogError::Damaged(error.to_string())))?;
        let (wanted, applied) = (Configured::of(config), applied.as_deref().map(Configured::read));
        let first = wanted.acts(applied.as_ref(), exchange.switchboard().policy());
        let configured = (applied.as_ref() != Some(&wanted)).then(|| wanted.text());
        if exchange.position() > 0 {
            let (calls, took) = (exchange.switchboard().calls(), began.elapsed());
            tracing::info!(
                app = config.id.0,
                calls,
                sessions = exchange.sessions(),
                entries = grown,
                ?took,
                "recovered"
            );
        }
        let ahead_ms = exchange.moment().since(now);
        if ahead_ms > MUCH_AHEAD_MS {
            let ahead_s = ahead_ms / 1000;
            let what = "the log's time is ahead of the machine's, and goes on from there: tickets expire too early";
            tracing::warn!(app = config.id.0, ahead_s, "{what}");
        }
        Ok(Self { exchange, log, grown, first, configured })
    }
}
