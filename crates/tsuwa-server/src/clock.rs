//! The one clock of a server: Unix milliseconds that never go back.

use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tsuwa_proto::Millis;

/// Read from the wall once, at the start, and advanced by the monotonic clock: setting the machine's time neither ends
/// a ringing nor keeps one alive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    wall: u64,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall: u64::try_from(wall.as_millis()).unwrap_or(u64::MAX), started: Instant::now() }
    }

    /// The same, but at least at this moment.
    pub(crate) fn not_before(self, moment: Millis) -> Self {
        let behind = moment.since(self.now());
        Self { wall: self.wall.saturating_add(behind), ..self }
    }

    pub(crate) fn now(&self) -> Millis {
        Millis(self.wall).plus(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// When this moment will be (or was) on the clock of timers.
    pub(crate) fn instant(&self, moment: Millis) -> Instant {
        self.started + std::time::Duration::from_millis(moment.since(Millis(self.wall)))
    }
}
