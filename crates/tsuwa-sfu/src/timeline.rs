//! One unbroken numbering and clock for a receiver, whatever source feeds it.

use std::time::{Duration, Instant};

/// Maps a source's sequence numbers and timestamps onto those of one outgoing stream.
///
/// When the source changes (another device, another simulcast layer, an unmute), the next packet gets the next number
/// and a timestamp that lies as far after the last one as the wall clock says. A reordered packet of the same source
/// keeps its distance; one from before the change would overlap with what was sent and is refused.
#[derive(Debug)]
pub(crate) struct Timeline {
    clock_hz: u32,
    splice: bool,
    seq_shift: i64,
    time_shift: u32,
    /// The first number of the present source.
    floor: u64,
    last_seq: u64,
    last_time: u32,
    last_at: Option<Instant>,
}

impl Timeline {
    /// `first_seq` below 2^15, so that the receiver's roll-over count surely starts at 0.
    pub(crate) fn new(clock_hz: u32, first_seq: u16, first_time: u32) -> Self {
        Self {
            clock_hz,
            splice: true,
            seq_shift: 0,
            time_shift: 0,
            floor: 0,
            last_seq: u64::from(first_seq & 0x7fff),
            last_time: first_time,
            last_at: None,
        }
    }

    /// The next packet is of another source.
    pub(crate) fn splice(&mut self) {
        self.splice = true;
    }

    /// The outgoing number and timestamp, or `None` for a packet from before the present source's first.
    pub(crate) fn map(&mut self, seq: u64, time: u32, now: Instant) -> Option<(u64, u32)> {
        if self.splice {
            self.splice = false;
            let next = self.last_seq + 1;
            self.seq_shift = next as i64 - seq as i64;
            self.time_shift = self.last_time.wrapping_add(self.ticks_since(now)).wrapping_sub(time);
            self.floor = next;
        }
        let out = seq as i64 + self.seq_shift;
        if out < self.floor as i64 {
            return None;
        }
        let (out, out_time) = (out as u64, time.wrapping_add(self.time_shift));
        if out >= self.last_seq {
            self.last_seq = out;
            self.last_time = out_time;
            self.last_at = Some(now);
        }
        Some((out, out_time))
    }

    /// At least one tick after the last packet; a minute at most, so that a long silence makes no leap of the clock
    /// that a receiver would take for another stream.
    fn ticks_since(&self, now: Instant) -> u32 {
        let Some(last_at) = self.last_at else { return 1 };
        let gap = now.saturating_duration_since(last_at).min(Duration::from_secs(60));
        let ticks = gap.as_micros() as u64 * u64::from(self.clock_hz) / 1_000_000;
        (ticks as u32).max(1)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test begins at some moment")]
mod tests {
    use super::*;

    #[test]
    fn a_source_keeps_its_distances() {
        let now = Instant::now();
        let mut line = Timeline::new(48_000, 100, 5_000);
        assert_eq!(line.map(70_000, 960, now), Some((101, 5_001)));
        assert_eq!(line.map(70_002, 2_880, now), Some((103, 6_921)));
        assert_eq!(line.map(70_001, 1_920, now), Some((102, 5_961)), "a late one fits into its gap");
    }

    #[test]
    fn a_change_of_source_goes_on_without_a_gap() {
        let now = Instant::now();
        let mut line = Timeline::new(48_000, 100, 0);
        line.map(1, 0, now);
        line.splice();
        let later = now + Duration::from_millis(20);
        assert_eq!(line.map(65_000, 4_000_000, later), Some((102, 961)));
        assert_eq!(line.map(64_999, 3_999_040, later), None, "what was sent before is not overwritten");
    }
}
