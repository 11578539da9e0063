//! Which simulcast layer a receiver gets.

use std::time::{Duration, Instant};

/// Most layers of a sender: quarter, half, full.
pub(crate) const MOST_LAYERS: usize = 3;
/// The layers' restriction ids, from the smallest picture to the largest.
pub(crate) const RIDS: [&str; MOST_LAYERS] = ["q", "h", "f"];

/// A layer that has been silent for so long is not sent now.
const SILENT: Duration = Duration::from_secs(2);
/// A larger layer must fit with this much to spare, so that a choice doesn't swing.
const HEADROOM: f32 = 1.2;

/// What is known of one layer that a device sends.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    last_at: Option<Instant>,
    window_from: Option<Instant>,
    window_bytes: u64,
    /// Bits per second, measured over a second.
    rate: f32,
    asked_at: Option<Instant>,
}

impl Layer {
    /// Counts a packet.
    pub(crate) fn count(&mut self, now: Instant, bytes: usize) {
        self.last_at = Some(now);
        self.window_bytes += bytes as u64;
        let from = *self.window_from.get_or_insert(now);
        let span = now.saturating_duration_since(from);
        if span >= Duration::from_secs(1) {
            self.rate = self.window_bytes as f32 * 8.0 / span.as_secs_f32();
            self.window_from = Some(now);
            self.window_bytes = 0;
        }
    }

    fn is_sent(&self, now: Instant) -> bool {
        self.last_at.is_some_and(|at| now.saturating_duration_since(at) < SILENT)
    }

    /// Whether a key frame may be asked for now; at most two a second, or an encoder does nothing else.
    pub(crate) fn may_ask(&mut self, now: Instant) -> bool {
        let due = self.asked_at.is_none_or(|at| now.saturating_duration_since(at) >= Duration::from_millis(500));
        if due {
            self.asked_at = Some(now);
        }
        due
    }
}

/// The largest layer that is sent now and fits a budget in bits per second; the smallest that is sent if none does.
/// `None` while nothing is sent.
pub(crate) fn choose(layers: &[Layer], present: Option<usize>, budget: Option<f32>, now: Instant) -> Option<usize> {
    let sent = || (0..layers.len()).filter(|at| layers[*at].is_sent(now));
    let Some(budget) = budget else { return sent().next_back() };
    let fits = |at: &usize| {
        let spare = if present.is_some_and(|present| *at > present) { HEADROOM } else { 1.0 };
        layers[*at].rate * spare <= budget
    };
    sent().rfind(fits).or_else(|| sent().next())
}

/// The rate of the largest layer that is sent now, in bits per second.
pub(crate) fn wanted(layers: &[Layer], now: Instant) -> f32 {
    layers.iter().filter(|layer| layer.is_sent(now)).map(|layer| layer.rate).fold(0.0, f32::max)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test begins at some moment")]
mod tests {
    use super::*;

    fn sent(now: Instant, rates: &[f32]) -> Vec<Layer> {
        rates.iter().map(|rate| Layer { last_at: Some(now), rate: *rate, ..Layer::default() }).collect()
    }

    #[test]
    fn the_largest_that_fits_is_taken() {
        let now = Instant::now();
        let layers = sent(now, &[100e3, 400e3, 1500e3]);
        assert_eq!(choose(&layers, None, None, now), Some(2), "without an estimate the best");
        assert_eq!(choose(&layers, None, Some(500e3), now), Some(1));
        assert_eq!(choose(&layers, Some(1), Some(1600e3), now), Some(1), "not up without room to spare");
        assert_eq!(choose(&layers, Some(1), Some(1900e3), now), Some(2));
        assert_eq!(choose(&layers, Some(2), Some(1600e3), now), Some(2), "but it may stay");
        assert_eq!(choose(&layers, Some(2), Some(10e3), now), Some(0), "the smallest rather than nothing");
        assert_eq!(choose(&layers, Some(2), None, now + SILENT), None);
    }
}
