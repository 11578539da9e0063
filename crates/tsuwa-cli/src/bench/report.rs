//! The figures, for people and for programs.

use super::process::Used;
use serde_json::{Value, json};
use std::fmt::Write;
use std::time::Duration;
use tsuwa::load::LoadStats;

/// What one run measured.
pub(super) struct Run {
    /// The server's CPU from the first `call` until everybody's media was up.
    pub(super) set_up: Used,
    /// The server's CPU while everybody talked.
    pub(super) used: Used,
    pub(super) stats: LoadStats,
    pub(super) lost: u64,
    pub(super) connected: usize,
    pub(super) ended: usize,
    pub(super) errors: usize,
    /// The server's resident memory, in bytes, at the end of the talk and after the calls.
    pub(super) talking: u64,
    pub(super) after: u64,
    pub(super) bare: Option<Bare>,
}

/// The same packets through a bare forwarder.
pub(super) struct Bare {
    pub(super) used: Used,
    pub(super) stats: LoadStats,
}

pub(super) struct Report {
    calls: u32,
    seconds: u32,
    /// Resident memory, in bytes, of the empty server, and with everybody signed in and nobody in a call.
    empty: u64,
    idle: u64,
    pub(super) runs: Vec<Run>,
}

fn micros_per_packet(used: Duration, packets: u64) -> f64 {
    if packets == 0 { f64::INFINITY } else { used.as_secs_f64() * 1e6 / packets as f64 }
}

impl Bare {
    fn micros(&self) -> f64 {
        micros_per_packet(self.used.total(), self.stats.received)
    }
}

impl Run {
    fn micros(&self) -> f64 {
        micros_per_packet(self.used.total(), self.stats.received)
    }

    fn ratio(&self) -> Option<f64> {
        self.bare.as_ref().map(|bare| self.micros() / bare.micros())
    }

    fn delays_us(&self) -> [u64; 3] {
        [50.0, 95.0, 99.0].map(|percent| self.stats.delays.percentile(percent).as_micros() as u64)
    }

    fn json(&self, calls: u32, idle: u64) -> Value {
        let [p50, p95, p99] = self.delays_us();
        json!({
            "cpu_user_ms": self.used.user.as_millis() as u64,
            "cpu_system_ms": self.used.system.as_millis() as u64,
            "packets_received": self.stats.received,
            "packets_lost": self.lost,
            "cpu_per_packet_us": round(self.micros()),
            "forwarding_delay_us": { "p50": p50, "p95": p95, "p99": p99 },
            "set_up_cpu_per_call_ms": round(self.set_up_ms(calls)),
            "memory_per_call_bytes": self.talking.saturating_sub(idle) / u64::from(calls),
            "resident_after_bytes": self.after,
            "calls_connected": self.connected,
            "calls_ended": self.ended,
            "errors": self.errors,
            "bare_cpu_per_packet_us": self.bare.as_ref().map(|bare| round(bare.micros())),
            "bare_packets_lost": self.bare.as_ref().map(|bare| bare.stats.lost),
            "ratio_to_bare": self.ratio().map(round),
        })
    }

    fn set_up_ms(&self, calls: u32) -> f64 {
        self.set_up.total().as_secs_f64() * 1e3 / f64::from(calls)
    }
}

fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

impl Report {
    pub(super) fn new(calls: u32, seconds: u32, empty: u64, idle: u64) -> Self {
        Self { calls, seconds, empty, idle, runs: Vec::new() }
    }

    pub(super) fn every_call_connected_and_ended(&self) -> bool {
        let calls = self.calls as usize;
        self.runs.iter().all(|run| run.connected == calls && run.ended == calls && run.errors == 0)
    }

    fn per_idle_device(&self) -> u64 {
        self.idle.saturating_sub(self.empty) / (2 * u64::from(self.calls))
    }

    fn medians(&self) -> (Option<f64>, Option<f64>, Option<f64>) {
        let of = |figure: &dyn Fn(&Run) -> Option<f64>| median(self.runs.iter().filter_map(figure).collect());
        (of(&|run| Some(run.micros())), of(&|run| run.bare.as_ref().map(Bare::micros)), of(&Run::ratio))
    }

    fn growth(&self) -> Option<f64> {
        let (first, last) = (self.runs.first()?, self.runs.last()?);
        Some(last.after as f64 / first.after as f64)
    }

    pub(super) fn json(&self) -> Value {
        let (micros, bare, ratio) = self.medians();
        json!({
            "calls": self.calls,
            "seconds": self.seconds,
            "cpu_per_packet_us": micros.map(round),
            "bare_cpu_per_packet_us": bare.map(round),
            "ratio_to_bare": ratio.map(round),
            "resident_empty_bytes": self.empty,
            "memory_per_idle_device_bytes": self.per_idle_device(),
            "resident_growth_last_to_first": self.growth().map(|g| (g * 1000.0).round() / 1000.0),
            "runs": self.runs.iter().map(|run| run.json(self.calls, self.idle)).collect::<Vec<_>>(),
        })
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
        // Writing to a string can't fail.
        let _ = writeln!(text, "{} calls, {} s, {} runs on one server", self.calls, self.seconds, self.runs.len());
        for (index, run) in self.runs.iter().enumerate() {
            let [p50, p95, p99] = run.delays_us();
            let _ = writeln!(
                text,
                "run {}: {} packets, {} lost, {:.2} µs CPU each ({} ms user, {} ms system); delay p50 {p50} p95 {p95} p99 {p99} µs; \
                 set-up {:.2} ms CPU a call; {} connected, {} ended; {:.1} MiB after",
                index + 1,
                run.stats.received,
                run.lost,
                run.micros(),
                run.used.user.as_millis(),
                run.used.system.as_millis(),
                run.set_up_ms(self.calls),
                run.connected,
                run.ended,
                mib(run.after),
            );
            if let Some(bare) = &run.bare {
                let ratio = run.ratio().unwrap_or(f64::NAN);
                let _ = writeln!(
                    text,
                    "       bare forwarder: {} packets, {} lost, {:.2} µs CPU each; ratio {ratio:.2}",
                    bare.stats.received,
                    bare.stats.lost,
                    bare.micros()
                );
            }
        }
        let (micros, bare, ratio) = self.medians();
        let _ = write!(text, "median: {:.2} µs of server CPU a packet", micros.unwrap_or(f64::NAN));
        if let (Some(bare), Some(ratio)) = (bare, ratio) {
            let _ = write!(text, ", {ratio:.2} times the bare forwarder's {bare:.2}");
        }
        let per_call = self.runs.first().map_or(0, |run| run.talking.saturating_sub(self.idle)) / u64::from(self.calls);
        let _ = writeln!(
            text,
            "\nmemory: {:.1} MiB empty, {} KiB an idle device, {} KiB a call; after the last run {:.3} times after the first",
            mib(self.empty),
            self.per_idle_device() / 1024,
            per_call / 1024,
            self.growth().unwrap_or(f64::NAN)
        );
        text
    }
}
