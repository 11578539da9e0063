//! Quantities and small vocabularies, each with its unit.

use serde::{Deserialize, Serialize};

/// Unix time in milliseconds, as the log counts it: it never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// This moment and `span_ms` milliseconds.
    pub const fn plus(self, span_ms: u64) -> Self {
        Self(self.0.saturating_add(span_ms))
    }

    /// Milliseconds since `earlier`; 0 if that is not earlier.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// What kind of call an invitation is for: 1 audio, 2 video.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum CallType {
    /// 1: voice.
    Audio,
    /// 2: voice and picture.
    Video,
}

impl TryFrom<u8> for CallType {
    type Error = &'static str;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self::Audio),
            2 => Ok(Self::Video),
            _ => Err("type must be 1 (audio) or 2 (video)"),
        }
    }
}

impl From<CallType> for u8 {
    fn from(kind: CallType) -> Self {
        match kind {
            CallType::Audio => 1,
            CallType::Video => 2,
        }
    }
}

/// Whether a device carries media, said at `login`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaMode {
    /// Sound and picture over WebRTC.
    #[default]
    Webrtc,
    /// Signalling only (tools, tests): the media rules don't hold for it.
    None,
}

/// Sound level, 0 (silent) to 100.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Volume(u8);

impl Volume {
    /// The nearest allowed volume.
    pub const fn clamped(level: u8) -> Self {
        Self(if level > 100 { 100 } else { level })
    }

    /// 0 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// Network quality as the field counts it (TRTC): 0 unknown, 1 excellent … 5 very bad, 6 down.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[repr(u8)]
pub enum Quality {
    /// 0: nothing measured yet.
    Unknown = 0,
    /// 1.
    Excellent = 1,
    /// 2.
    Good = 2,
    /// 3.
    Poor = 3,
    /// 4.
    Bad = 4,
    /// 5.
    VeryBad = 5,
    /// 6: the device is lost.
    Down = 6,
}

impl TryFrom<u8> for Quality {
    type Error = &'static str;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Ok(match number {
            0 => Self::Unknown,
            1 => Self::Excellent,
            2 => Self::Good,
            3 => Self::Poor,
            4 => Self::Bad,
            5 => Self::VeryBad,
            6 => Self::Down,
            _ => return Err("quality is 0 to 6"),
        })
    }
}

impl From<Quality> for u8 {
    fn from(quality: Quality) -> Self {
        quality as Self
    }
}

/// Why somebody left: 0 left, 1 timed out, 2 removed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[repr(u8)]
pub enum LeaveReason {
    /// 0: by its own act.
    Left = 0,
    /// 1: lost, and not back within the grace; or its media never came up.
    TimedOut = 1,
    /// 2: signed in elsewhere, or put out by an administrator.
    Removed = 2,
}

impl TryFrom<u8> for LeaveReason {
    type Error = &'static str;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Ok(match number {
            0 => Self::Left,
            1 => Self::TimedOut,
            2 => Self::Removed,
            _ => return Err("a leave reason is 0, 1 or 2"),
        })
    }
}

impl From<LeaveReason> for u8 {
    fn from(reason: LeaveReason) -> Self {
        reason as Self
    }
}

/// The bounds that `scenarios` names and everything that comes from the network is held to.
pub mod limits {
    /// How long an invitation rings unless the call says otherwise, in seconds.
    pub const RING_DEFAULT_S: u32 = 30;
    /// The shortest ring timeout of a call, in seconds.
    pub const RING_MIN_S: u32 = 1;
    /// The longest ring timeout of a call, in seconds.
    pub const RING_MAX_S: u32 = 300;
    /// Most people in a call and invited to it together.
    pub const PEOPLE: usize = 9;
    /// How long a lost device may take to come back, in milliseconds.
    pub const GRACE_MS: u64 = 15_000;
    /// How long an accepted device's media may take to come up, in milliseconds.
    pub const MEDIA_UP_MS: u64 = 15_000;
    /// How long a session is kept after its socket, in milliseconds.
    pub const SESSION_KEPT_MS: u64 = 60_000;
    /// Most undelivered events that a session keeps.
    pub const EVENTS_KEPT: usize = 256;
    /// Most request results that a session keeps.
    pub const RESULTS_KEPT: usize = 64;
    /// Most bytes of `userData` with an invitation.
    pub const USER_DATA_BYTES: usize = 4096;
    /// Most bytes of a frame from a client (an SDP answer with nine people's video is the largest).
    pub const FRAME_BYTES: usize = 64 * 1024;
    /// Most devices of one user that media is made ready for while they ring.
    pub const READY_DEVICES: usize = 4;
    /// Most calls in one answer to `queryRecentCalls`.
    pub const RECENT_CALLS: usize = 100;
    /// So many calls are in an answer to `queryRecentCalls` that does not say.
    pub const RECENT_CALLS_DEFAULT: usize = 20;
    /// Most devices of one user that may be signed in at once; the one longest unused gives way.
    pub const DEVICES: usize = 16;
}
