//! What the story measures.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tsuwa::sound::Match;

/// Everything that was measured, in the order of the story.
#[derive(Default)]
pub(super) struct Figures {
    spans: Vec<(String, Duration)>,
    sounds: Vec<(String, Match)>,
}

impl Figures {
    pub(super) fn span(&mut self, name: &str, from: Instant, to: Instant) {
        self.spans.push((name.to_owned(), to.saturating_duration_since(from)));
    }

    pub(super) fn sound(&mut self, name: &str, found: Match) {
        self.sounds.push((name.to_owned(), found));
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let spans = self.spans.iter().map(|(name, span)| format!("{name:<40} {:>7.1} ms", millis(*span)));
        let sounds = self.sounds.iter().map(|(name, found)| {
            format!(
                "{name:<40} correlation {:.2}, level {:+.1} dB, {:.0} ms from mouth to ear",
                found.correlation,
                found.level_db,
                millis(found.delay())
            )
        });
        spans.chain(sounds).collect()
    }

    pub(super) fn json(&self) -> Value {
        let spans: Vec<_> =
            self.spans.iter().map(|(name, span)| json!({ "what": name, "ms": millis(*span) })).collect();
        let sounds: Vec<_> = self
            .sounds
            .iter()
            .map(|(name, found)| {
                json!({
                    "what": name,
                    "correlation": found.correlation,
                    "levelDb": found.level_db,
                    "delayMs": millis(found.delay()),
                })
            })
            .collect();
        json!({ "spans": spans, "sounds": sounds })
    }
}

fn millis(span: Duration) -> f64 {
    (span.as_secs_f64() * 10_000.0).round() / 10.0
}
