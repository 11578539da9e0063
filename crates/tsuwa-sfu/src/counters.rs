//! Figures for metrics.

/// Since the rooms were made.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counters {
    /// RTP packets received that passed authentication.
    pub rtp_in: u64,
    /// RTP packets sent on.
    pub rtp_out: u64,
    /// RTP packets that senders' numbering says were sent, but had not come when a later one did.
    pub rtp_lost: u64,
    /// Datagrams from addresses that no authenticated ICE check came from, and checks for nobody here.
    pub unknown_source: u64,
    /// Datagrams that failed authentication, were replays, or could not be read.
    pub unauthenticated: u64,
    /// Packets of legs that are not admitted, are muted, have nobody to go to, or send without measure: dropped.
    pub gated: u64,
    /// RTP packets sent again, for a receiver that missed them.
    pub resent: u64,
    /// Rooms that panicked.
    pub rooms_lost: u64,
}
