//! What is counted, in Prometheus' text format.

use crate::media::MediaStats;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};
use std::fmt::Write;
use tsuwa_call::HowEnded;
use tsuwa_proto::{AppId, Code};

/// Bounds of set-up times, in seconds: from a message on loopback to somebody's patience.
const SETUP_S: &[f64] = &[0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Bounds of an append, in seconds: from memory to a disk in trouble.
const APPEND_S: &[f64] = &[0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0];

/// The server's figures. No label tells of a user or an address.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) sockets: IntGauge,
    sessions: IntGaugeVec,
    live_calls: IntGaugeVec,
    calls: IntCounterVec,
    invitations: IntCounterVec,
    sign_ins: IntCounterVec,
    refusals: IntCounterVec,
    pub(crate) ringing: Histogram,
    pub(crate) first_media: Histogram,
    pub(crate) append: Histogram,
    pub(crate) snapshot: Histogram,
    log_entries: IntGaugeVec,
    log_bytes: IntGaugeVec,
    hooks_waiting: IntGaugeVec,
    hooks_delivered: IntCounterVec,
    hooks_failed: IntCounterVec,
    hooks_given_up: IntCounterVec,
    hooks_untold: IntCounterVec,
}

impl Metrics {
    pub(crate) fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let gauge = |name, help| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), &["app"])?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let counter = |name, help, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let histogram = |name, help, bounds: &[f64]| {
            let histogram = Histogram::with_opts(HistogramOpts::new(name, help).buckets(bounds.to_vec()))?;
            registry.register(Box::new(histogram.clone()))?;
            Ok::<_, prometheus::Error>(histogram)
        };
        let sockets = IntGauge::new("tsuwa_sockets", "WebSockets that are open.")?;
        registry.register(Box::new(sockets.clone()))?;
        Ok(Self {
            sockets,
            sessions: gauge("tsuwa_sessions", "Sessions, with or without a socket at present.")?,
            live_calls: gauge("tsuwa_calls_live", "Calls there are now, ringing or talking.")?,
            calls: counter(
                "tsuwa_calls_total",
                "Calls that ended: answered, or how the last invitation ended.",
                &["app", "outcome"],
            )?,
            invitations: counter("tsuwa_invitations_total", "Invitations that ended, by how.", &["app", "outcome"])?,
            sign_ins: counter("tsuwa_sign_ins_total", "Sign-ins and resumes, by result (0, or a code).", &["result"])?,
            refusals: counter("tsuwa_refusals_total", "Requests refused, by code.", &["code"])?,
            ringing: histogram(
                "tsuwa_call_to_ringing_seconds",
                "From a call request read to its invitation written to a callee's socket.",
                SETUP_S,
            )?,
            first_media: histogram(
                "tsuwa_accept_to_media_seconds",
                "From an accept request read to the call's next first media packet.",
                SETUP_S,
            )?,
            hooks_waiting: gauge(
                "tsuwa_webhooks_waiting",
                "Webhooks that wait to be taken, those on their way included.",
            )?,
            hooks_delivered: counter("tsuwa_webhooks_delivered_total", "Webhooks that were taken.", &["app"])?,
            hooks_failed: counter(
                "tsuwa_webhook_attempts_failed_total",
                "Attempts at which a webhook was not taken.",
                &["app"],
            )?,
            hooks_given_up: counter(
                "tsuwa_webhooks_given_up_total",
                "Webhooks that nobody took for 72 hours, or that nobody wants any more.",
                &["app"],
            )?,
            hooks_untold: counter(
                "tsuwa_webhooks_untold_calls_total",
                "Calls of which no webhook is sent, since too many wait.",
                &["app"],
            )?,
            append: histogram("tsuwa_append_seconds", "Appending a group of inputs to the log.", APPEND_S)?,
            log_entries: gauge("tsuwa_log_entries", "Entries of the log behind its last snapshot.")?,
            log_bytes: gauge("tsuwa_log_bytes", "What an app's file takes of the disk: its log and its records.")?,
            snapshot: histogram(
                "tsuwa_snapshot_seconds",
                "Writing a snapshot, and dropping what it covers.",
                APPEND_S,
            )?,
            registry,
        })
    }

    /// How many sessions an app has.
    pub(crate) fn sessions(&self, app: AppId, count: usize) {
        self.sessions.with_label_values(&[&label(app)]).set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// How many entries are behind the snapshot.
    pub(crate) fn log_entries(&self, app: AppId, count: u64) {
        self.log_entries.with_label_values(&[&label(app)]).set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// How much of the disk an app's file takes.
    pub(crate) fn log_bytes(&self, app: AppId, bytes: u64) {
        self.log_bytes.with_label_values(&[&label(app)]).set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    pub(crate) fn call_began(&self, app: AppId) {
        self.live_calls.with_label_values(&[&label(app)]).inc();
    }

    pub(crate) fn call_ended(&self, app: AppId, outcome: &str) {
        self.live_calls.with_label_values(&[&label(app)]).dec();
        self.calls.with_label_values(&[label(app).as_str(), outcome]).inc();
    }

    pub(crate) fn invitation_ended(&self, app: AppId, how: HowEnded) {
        self.invitations.with_label_values(&[label(app).as_str(), outcome(how)]).inc();
    }

    /// A sign-in or resume ended; `None`: well.
    pub(crate) fn signed_in(&self, refusal: Option<Code>) {
        self.sign_ins.with_label_values(&[number(refusal).as_str()]).inc();
    }

    pub(crate) fn refused(&self, code: Code) {
        self.refusals.with_label_values(&[number(Some(code)).as_str()]).inc();
    }

    /// How many webhooks wait to be taken.
    pub(crate) fn hooks_waiting(&self, app: AppId, count: usize) {
        self.hooks_waiting.with_label_values(&[&label(app)]).set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    pub(crate) fn hook_delivered(&self, app: AppId) {
        self.hooks_delivered.with_label_values(&[&label(app)]).inc();
    }

    pub(crate) fn hook_failed(&self, app: AppId) {
        self.hooks_failed.with_label_values(&[&label(app)]).inc();
    }

    /// So many webhooks were given up.
    pub(crate) fn hooks_given_up(&self, app: AppId, count: usize) {
        self.hooks_given_up.with_label_values(&[&label(app)]).inc_by(count as u64);
    }

    /// No webhook is sent of a call: too many wait.
    pub(crate) fn hooks_full(&self, app: AppId) {
        self.hooks_untold.with_label_values(&[&label(app)]).inc();
    }

    /// The whole page.
    pub(crate) fn text(&self, media: &MediaStats) -> String {
        let mut page = Vec::new();
        // Writing to memory does not fail, and every name was accepted when it was registered.
        if TextEncoder::new().encode(&self.registry.gather(), &mut page).is_err() {
            page.clear();
        }
        let mut page = String::from_utf8(page).unwrap_or_default();
        let mut row = |name: &str, kind: &str, help: &str, value: u64| {
            // Nor does this.
            let _ = write!(page, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        };
        row("tsuwa_media_rooms", "gauge", "Calls that a media worker carries.", media.rooms);
        row("tsuwa_media_legs", "gauge", "Devices that a media worker carries.", media.legs);
        row("tsuwa_media_packets_received_total", "counter", "RTP packets, authenticated.", media.rtp_in);
        row("tsuwa_media_packets_sent_total", "counter", "RTP packets sent on.", media.rtp_out);
        row("tsuwa_media_packets_lost_total", "counter", "RTP packets that never came.", media.rtp_lost);
        row("tsuwa_media_packets_gated_total", "counter", "RTP packets of the muted or not admitted.", media.gated);
        row(
            "tsuwa_media_packets_unknown_source_total",
            "counter",
            "Packets from addresses without an authenticated ICE check.",
            media.unknown_source,
        );
        row(
            "tsuwa_media_packets_unauthenticated_total",
            "counter",
            "Packets that failed authentication.",
            media.unauthenticated,
        );
        row("tsuwa_media_send_failures_total", "counter", "Packets the system did not take.", media.send_failed);
        row("tsuwa_media_rooms_lost_total", "counter", "Rooms that had to be placed anew.", media.rooms_lost);
        page
    }
}

fn label(app: AppId) -> String {
    app.0.to_string()
}

fn number(code: Option<Code>) -> String {
    code.map_or(0, Code::number).to_string()
}

/// The label of an invitation's end.
pub(crate) fn outcome(how: HowEnded) -> &'static str {
    match how {
        HowEnded::Accepted => "accepted",
        HowEnded::Rejected => "rejected",
        HowEnded::Busy => "busy",
        HowEnded::NoResponse => "no_response",
        HowEnded::Cancelled => "cancelled",
    }
}
