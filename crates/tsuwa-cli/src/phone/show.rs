//! What a phone prints: a line for each event and each answer, for people or as JSON.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::time::Instant;
use tsuwa::{ActionCallback, Quality, TrtcCallingEvent, UserId};

pub(super) struct Show {
    json: bool,
    periodic: bool,
    began: Instant,
    /// Whose network is down.
    down: BTreeSet<UserId>,
}

impl Show {
    pub(super) fn new(json: bool, periodic: bool) -> Self {
        Self { json, periodic, began: Instant::now(), down: BTreeSet::new() }
    }

    /// An event. Volumes and network quality only if they are wanted, but for a network that is down or back.
    pub(super) fn event(&mut self, event: &TrtcCallingEvent) {
        let news = match event {
            TrtcCallingEvent::OnNetworkQuality { user_id, quality: Quality::Down } => self.down.insert(user_id.clone()),
            TrtcCallingEvent::OnNetworkQuality { user_id, .. } => self.down.remove(user_id),
            other => !other.is_periodic(),
        };
        if !news && !self.periodic {
            return;
        }
        // An enum of texts and numbers always serialises.
        let mut value = serde_json::to_value(event).unwrap_or_default();
        if self.json {
            value["atMs"] = self.at_ms().into();
            return line(&value.to_string());
        }
        let params = value.get("params").and_then(Value::as_object);
        let words = params.into_iter().flatten().map(|(name, value)| format!(" {name}={}", plain(value)));
        line(&format!("{:>9.3}  {}{}", self.at_s(), event.name(), words.collect::<String>()));
    }

    /// How a command ended.
    pub(super) fn answer(&self, what: &str, callback: &ActionCallback) {
        if self.json {
            let answer = json!({ "answer": what, "code": callback.code, "desc": callback.desc, "atMs": self.at_ms() });
            return line(&answer.to_string());
        }
        line(&format!("{:>9.3}  {what}: {} {}", self.at_s(), callback.code, callback.desc));
    }

    /// Something for the one at the keyboard.
    pub(super) fn hint(&self, text: &str) {
        eprintln!("{text}");
    }

    /// Something that ends a script.
    pub(super) fn failure(&self, why: &str) {
        if self.json {
            return line(&json!({ "failure": why, "atMs": self.at_ms() }).to_string());
        }
        eprintln!("tsuwa phone: {why}");
    }

    fn at_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn at_s(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A line at once, also into a pipe. Nobody reading any more is no reason to panic.
fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
