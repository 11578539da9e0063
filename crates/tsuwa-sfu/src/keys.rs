//! What a room, a leg and a packet are called, and what rooms have to say.

use std::net::SocketAddr;
use tsuwa_proto::{AppId, CallId, DeviceId, Quality, Stream, StreamKind, UserId};

/// A room: a call of an app.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RoomKey {
    /// The app.
    pub app: AppId,
    /// The call.
    pub call: CallId,
}

/// A leg of a room: a device of a user.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LegKey {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub device: DeviceId,
}

/// Sound or picture, as an index: the hot path counts with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Track {
    /// Sound.
    Audio = 0,
    /// Picture.
    Video = 1,
}

impl From<StreamKind> for Track {
    fn from(kind: StreamKind) -> Self {
        match kind {
            StreamKind::Audio => Self::Audio,
            StreamKind::Video => Self::Video,
        }
    }
}

impl From<Track> for StreamKind {
    fn from(track: Track) -> Self {
        match track {
            Track::Audio => Self::Audio,
            Track::Video => Self::Video,
        }
    }
}

/// What carries a datagram.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Proto {
    /// UDP.
    Udp,
    /// TCP with RFC 4571 framing.
    Tcp,
}

impl From<Proto> for str0m::net::Protocol {
    fn from(proto: Proto) -> Self {
        match proto {
            Proto::Udp => Self::Udp,
            Proto::Tcp => Self::Tcp,
        }
    }
}

/// A datagram, to be sent at once.
#[derive(Debug)]
pub struct Packet {
    /// By UDP or TCP.
    pub proto: Proto,
    /// From which of the local addresses.
    pub from: SocketAddr,
    /// Where to.
    pub to: SocketAddr,
    /// What.
    pub bytes: Vec<u8>,
}

/// What happened in a room, for the world outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Happening {
    /// An offer is to be sent to a device.
    Offer {
        /// To whom.
        to: LegKey,
        /// To be named in the answer.
        offer_id: u64,
        /// Whether it is for a transport of its own.
        fresh: bool,
        /// The offer.
        sdp: String,
        /// Which m-line is whose.
        streams: Vec<Stream>,
    },
    /// A device's answer was no good.
    AnswerRefused {
        /// Whose.
        leg: LegKey,
        /// Why; names nobody.
        reason: String,
    },
    /// ICE and DTLS of a device are done, for the first time.
    Up(LegKey),
    /// Nothing authenticated came from a device for 5 s.
    Lost(LegKey),
    /// A lost device is heard again.
    Back(LegKey),
    /// A device's media can't be brought up.
    Failed(LegKey),
    /// The first packet that may be forwarded, since the leg was admitted or unmuted.
    Flowing(LegKey, Track),
    /// How everybody's network is; for every participant.
    Quality {
        /// For whom.
        to: Vec<LegKey>,
        /// Whose, and how.
        of: Vec<(UserId, Quality)>,
    },
    /// The room panicked and is gone.
    RoomLost,
}
