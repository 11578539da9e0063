//! The threads that shards are spread over.

use super::{Gauges, Shard, ShardHandle, ShardParts, ToShard};
use crate::store::StoreError;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::time::sleep_until;
use tsuwa_proto::AppId;

/// Most messages that are made one group of the log.
const GROUP: usize = 256;
/// Most messages that wait for a thread; then connections wait with reading.
const WAITING: usize = 8192;

/// Why the threads can't be started: the machine's fault.
#[derive(Debug)]
pub(crate) struct ThreadsError(std::io::Error);

impl fmt::Display for ThreadsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a shard's thread can't be started: {}", self.0)
    }
}

impl std::error::Error for ThreadsError {}

/// All shard threads. They end when every handle to their shards is gone.
#[derive(Debug)]
pub(crate) struct ShardThreads {
    threads: Vec<JoinHandle<bool>>,
}

impl ShardThreads {
    /// Starts one thread for each of the first `most` shards, and spreads the others over them.
    pub(crate) fn start(shards: Vec<ShardParts>, most: usize) -> Result<(Self, Vec<ShardHandle>), ThreadsError> {
        let count = most.clamp(1, shards.len().max(1));
        let mut crews: Vec<(BTreeMap<AppId, Shard>, _, _)> = (0..count)
            .map(|_| {
                let (inbox, messages) = mpsc::channel(WAITING);
                (BTreeMap::new(), inbox, messages)
            })
            .collect();
        let mut handles = Vec::with_capacity(shards.len());
        for (index, parts) in shards.into_iter().enumerate() {
            let (crew, inbox, _) = &mut crews[index % count];
            let gauges = Arc::<Gauges>::default();
            let app = parts.recovered.exchange.app();
            crew.insert(app, Shard::new(parts, Arc::clone(&gauges)));
            handles.push(ShardHandle { app, inbox: inbox.clone(), gauges });
        }
        let start = |(index, (crew, _, messages))| {
            let name = format!("tsuwa-shard-{index}");
            std::thread::Builder::new().name(name).spawn(move || run(crew, messages)).map_err(ThreadsError)
        };
        let threads = crews.into_iter().enumerate().map(start).collect::<Result<_, _>>()?;
        Ok((Self { threads }, handles))
    }

    /// Waits for the threads; `false` if one of them failed.
    pub(crate) fn join(self) -> bool {
        let well = |thread: JoinHandle<bool>| matches!(thread.join(), Ok(true));
        // Every thread is waited for, whatever became of those before.
        let ended: Vec<bool> = self.threads.into_iter().map(well).collect();
        ended.into_iter().all(|well| well)
    }
}

/// Serves the shards until their handles are gone; `false` if a log failed.
fn run(mut shards: BTreeMap<AppId, Shard>, mut inbox: mpsc::Receiver<(AppId, ToShard)>) -> bool {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "a shard has no timer");
            return false;
        }
    };
    let worked = runtime.block_on(work(&mut shards, &mut inbox));
    if let Err(error) = &worked {
        let apps: Vec<u32> = shards.keys().map(|app| app.0).collect();
        tracing::error!(?apps, "a log failed, and its apps are served no more: {error}");
    }
    worked.is_ok()
}

async fn work(
    shards: &mut BTreeMap<AppId, Shard>,
    inbox: &mut mpsc::Receiver<(AppId, ToShard)>,
) -> Result<(), StoreError> {
    let mut group = Vec::with_capacity(GROUP);
    loop {
        for shard in shards.values_mut() {
            shard.turn().map_err(|why| shard.failed(why))?;
        }
        let due = shards.values().filter_map(Shard::deadline).min();
        // Without a deadline the arm below is off, so any moment will do.
        let until = due.unwrap_or_else(Instant::now);
        tokio::select! {
            count = inbox.recv_many(&mut group, GROUP) => {
                if count == 0 {
                    return shards.values_mut().try_for_each(|shard| shard.close().map_err(|why| shard.failed(why)));
                }
            }
            () = sleep_until(until.into()), if due.is_some() => {}
        }
        for (app, message) in group.drain(..) {
            if let Some(shard) = shards.get_mut(&app) {
                shard.take(message);
            }
        }
    }
}
