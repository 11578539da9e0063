//! What the switchboard is told. Each input is a record of the log.

use serde::{Deserialize, Serialize};
use tsuwa_proto::{Act, CallId, DeviceId, MediaMode, Millis, RequestId, StreamKind, UserId, limits};

/// A device of a user. Device ids are the SDK's, so they mean something only beside their user.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DeviceKey {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub device: DeviceId,
}

/// One input. Exactly one [`crate::Output::Reply`] follows each `Request` and each `Admin`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Input {
    /// The process has started: grace periods, leases and media begin anew; ring timeouts go on counting.
    Started,
    /// A deadline is due: [`crate::Switchboard::deadline`] has passed.
    Tick,
    /// Whether any media worker can take a call.
    Capacity {
        /// `false`: new calls between devices with media are refused.
        open: bool,
    },
    /// A ticket was verified and a new session begins on this device.
    SignIn {
        /// Who, and where.
        at: DeviceKey,
        /// Whether the device carries media.
        media: MediaMode,
        /// When the ticket expires.
        expires_at: Millis,
    },
    /// A ticket was verified for the session that this device has.
    Renew {
        /// Who, and where.
        at: DeviceKey,
        /// When the new ticket expires.
        expires_at: Millis,
    },
    /// The device's socket went (closed, or did not answer for 2 s) or is back.
    Socket {
        /// Whose.
        at: DeviceKey,
        /// `true`: it is there.
        up: bool,
    },
    /// The device's session was kept long enough after its socket, and is over.
    Gone {
        /// Whose.
        at: DeviceKey,
    },
    /// A request of a signed-in device.
    Request {
        /// Whose.
        at: DeviceKey,
        /// Its number within the session.
        id: RequestId,
        /// What it wants.
        act: Act,
    },
    /// What happened to media.
    Media(MediaReport),
    /// What an administrator does.
    Admin(AdminAct),
}

/// What the media rooms report.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum MediaReport {
    /// A worker has taken the call.
    Placed {
        /// The call.
        call: CallId,
    },
    /// No worker could take the call.
    PlaceFailed {
        /// The call.
        call: CallId,
    },
    /// The worker or the room died: place the call anew.
    RoomLost {
        /// The call.
        call: CallId,
    },
    /// ICE and DTLS of a device are done.
    Up {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
    },
    /// No authenticated packet of the device came for 5 s.
    Lost {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
    },
    /// Authenticated packets of a lost device come again.
    Back {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
    },
    /// The device's media can't be brought up (its answer was no good).
    Failed {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
    },
    /// The first packet that may be forwarded, since the device was admitted or unmuted.
    Flowing {
        /// The call.
        call: CallId,
        /// Whose.
        at: DeviceKey,
        /// Sound or picture.
        kind: StreamKind,
    },
}

/// What an administrator does, with the app's server credential.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum AdminAct {
    /// Set the app's policy.
    SetPolicy(Policy),
    /// Put users on the app's list.
    AddUsers(Vec<UserId>),
    /// Take a user off the app's list.
    RemoveUser(UserId),
    /// `user` no longer takes calls from `blocked`.
    Block {
        /// Who blocks.
        user: UserId,
        /// Whom.
        blocked: UserId,
    },
    /// `user` takes calls from `blocked` again.
    Unblock {
        /// Who blocked.
        user: UserId,
        /// Whom.
        blocked: UserId,
    },
    /// End a call.
    EndCall(CallId),
    /// Sign a user out, on one device or on all.
    SignOut {
        /// Whom.
        user: UserId,
        /// Where; everywhere if absent.
        device: Option<DeviceId>,
    },
}

/// How many devices of a user may be signed in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DevicePolicy {
    /// One: a sign-in on another device puts the older one out.
    One,
    /// Many: all of them ring.
    #[default]
    Many,
}

/// An app's rules.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// One device a user, or many.
    pub devices: DevicePolicy,
    /// Only users on the app's list can be called.
    pub closed_list: bool,
    /// How long an invitation rings unless the call says otherwise, in seconds.
    pub ring_timeout_s: u32,
    /// How long a lost device may take to come back, in milliseconds.
    pub grace_ms: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            devices: DevicePolicy::Many,
            closed_list: false,
            ring_timeout_s: limits::RING_DEFAULT_S,
            grace_ms: limits::GRACE_MS,
        }
    }
}
