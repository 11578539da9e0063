//! What a phone prints: a line for each event and each answer, for people or as JSON.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tsuwa::{ActionCallback, Millis, Quality, RecentCalls, TrtcCallingEvent, UserId};

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

    /// Calls that are over.
    pub(super) fn recent(&self, page: &Result<RecentCalls, ActionCallback>) {
        let calls = match page {
            Ok(page) => page,
            Err(refusal) => return self.answer("recent", refusal),
        };
        if self.json {
            // Texts and numbers always serialise.
            let mut answer = serde_json::to_value(calls).unwrap_or_default();
            (answer["answer"], answer["code"], answer["atMs"]) = ("recent".into(), 0.into(), self.at_ms().into());
            return line(&answer.to_string());
        }
        let more = if calls.more { ", and more" } else { "" };
        line(&format!("{:>9.3}  recent: {} calls{more}", self.at_s(), calls.calls.len()));
        for call in &calls.calls {
            let value = serde_json::to_value(call).unwrap_or_default();
            let users: Vec<&str> = call.user_ids.iter().map(UserId::as_str).collect();
            line(&format!(
                "           {}  {} {} {}, {}, rang {:.1} s, talked {:.1} s",
                call.call_id,
                plain(&value["direction"]),
                users.join(" "),
                plain(&value["outcome"]),
                ago(call.started_at),
                call.ringing_ms as f64 / 1000.0,
                call.talked_ms as f64 / 1000.0,
            ));
        }
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

/// How long before now, as people say it.
fn ago(at: Millis) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    match now.as_secs().saturating_sub(at.0 / 1000) {
        s @ 0..120 => format!("{s} s ago"),
        s @ 120..7_200 => format!("{} min ago", s / 60),
        s @ 7_200..172_800 => format!("{} h ago", s / 3_600),
        s => format!("{} days ago", s / 86_400),
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
