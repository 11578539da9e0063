//! What the workers have to say.

use tsuwa_call::{DeviceKey, MediaReport};
use tsuwa_proto::{CallId, Signal, StreamKind};
use tsuwa_sfu::{Counters, Happening, LegKey, Track};

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
    /// RTP packets that senders' numbering says were sent, but had not come when a later one did.
    pub rtp_lost: u64,
    /// RTP packets sent again, for a receiver that missed them (sound only; pictures go by RTX).
    pub resent: u64,
    /// Packets from addresses that no authenticated ICE check came from.
    pub unknown_source: u64,
    /// Packets that failed authentication, were replays, or could not be read.
    pub unauthenticated: u64,
    /// RTP packets of legs that were not admitted, were muted, or had nobody to go to: dropped.
    pub gated: u64,
    /// Packets that the system would not take.
    pub send_failed: u64,
    /// Rooms that panicked, and those of workers that died.
    pub rooms_lost: u64,
}

impl MediaStats {
    /// Counts a worker's figures in.
    pub(super) fn add(&mut self, other: &Self) {
        self.rooms += other.rooms;
        self.legs += other.legs;
        self.add_counts(other);
    }

    /// Counts in what has happened, not what there is now.
    pub(super) fn add_counts(&mut self, other: &Self) {
        self.rtp_in += other.rtp_in;
        self.rtp_out += other.rtp_out;
        self.rtp_lost += other.rtp_lost;
        self.resent += other.resent;
        self.unknown_source += other.unknown_source;
        self.unauthenticated += other.unauthenticated;
        self.gated += other.gated;
        self.send_failed += other.send_failed;
        self.rooms_lost += other.rooms_lost;
    }

    pub(super) fn of(counters: &Counters, rooms: usize, legs: usize, send_failed: u64) -> Self {
        Self {
            rooms: rooms as u64,
            legs: legs as u64,
            rtp_in: counters.rtp_in,
            rtp_out: counters.rtp_out,
            rtp_lost: counters.rtp_lost,
            resent: counters.resent,
            unknown_source: counters.unknown_source,
            unauthenticated: counters.unauthenticated,
            gated: counters.gated,
            send_failed,
            rooms_lost: counters.rooms_lost,
        }
    }
}

/// The room's name for a device.
pub(super) fn leg(at: &DeviceKey) -> LegKey {
    LegKey { user: at.user.clone(), device: at.device.clone() }
}

fn device(leg: LegKey) -> DeviceKey {
    DeviceKey { user: leg.user, device: leg.device }
}

/// What happened in a call's room, as the rest of the server speaks of it.
pub(super) fn translate(call: CallId, happening: Happening, mut tell: impl FnMut(MediaOut)) {
    match happening {
        Happening::Offer { to, offer_id, fresh, sdp, streams } => {
            let offer = Signal::MediaOffer { call_id: call, offer_id, fresh, sdp, streams };
            tell(MediaOut::Offer { to: device(to), offer });
        }
        Happening::AnswerRefused { leg, reason } => {
            tell(MediaOut::AnswerRefused { to: device(leg), call, reason });
        }
        Happening::Up(leg) => tell(MediaOut::Report(MediaReport::Up { call, at: device(leg) })),
        Happening::Lost(leg) => tell(MediaOut::Report(MediaReport::Lost { call, at: device(leg) })),
        Happening::Back(leg) => tell(MediaOut::Report(MediaReport::Back { call, at: device(leg) })),
        Happening::Failed(leg) => tell(MediaOut::Report(MediaReport::Failed { call, at: device(leg) })),
        Happening::Flowing(leg, track) => {
            let kind = if track == Track::Audio { StreamKind::Audio } else { StreamKind::Video };
            tell(MediaOut::Report(MediaReport::Flowing { call, at: device(leg), kind }));
        }
        Happening::Quality { to, of } => {
            for to in to {
                for (user_id, quality) in &of {
                    let signal =
                        Signal::OnNetworkQuality { call_id: call, user_id: user_id.clone(), quality: *quality };
                    tell(MediaOut::Quality { to: device(to.clone()), signal });
                }
            }
        }
        Happening::RoomLost => tell(MediaOut::Report(MediaReport::RoomLost { call })),
    }
}
