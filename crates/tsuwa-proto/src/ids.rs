//! Identities. Each is a type of its own, so that one can't stand in for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An application (`sdkAppId`): the unit that owns users, secrets and policies, and one shard of the switchboard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppId(pub u32);

/// Why a text is not an id of the wanted kind. The sender's fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadId {
    /// Nothing in it.
    Empty,
    /// More bytes than the kind allows.
    TooLong,
    /// A character outside `a–z A–Z 0–9 - _`.
    Character,
    /// Not a number where the server's own ids are numbers.
    NotIssued,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the id is empty",
            Self::TooLong => "the id is too long",
            Self::Character => "the id holds a character other than a-z A-Z 0-9 - _",
            Self::NotIssued => "the id is none that the server issues",
        })
    }
}

impl std::error::Error for BadId {}

fn check(text: &str, longest: usize) -> Result<(), BadId> {
    if text.is_empty() {
        return Err(BadId::Empty);
    }
    if text.len() > longest {
        return Err(BadId::TooLong);
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if text.bytes().all(allowed) { Ok(()) } else { Err(BadId::Character) }
}

/// A text id: checked once, when it is made. `Debug` shows the beginning only, so that no log gets it whole.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $longest:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Most bytes that such an id may have.
            pub const LONGEST_BYTES: usize = $longest;

            /// The whole id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                check(&text, Self::LONGEST_BYTES)?;
                Ok(Self(text))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                check(text, Self::LONGEST_BYTES)?;
                Ok(Self(text.to_owned()))
            }
        }

        /// With its type's name, so that a serialiser can tell whom it is about and put another name in its place.
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_newtype_struct(stringify!($name), &self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Ids are ASCII, so any byte index is a character boundary.
                let shown = &self.0[..self.0.len().min(2)];
                write!(f, "{shown}…")
            }
        }
    };
}

text_id!(
    /// A user of an app: 1 to 32 bytes of `a–z A–Z 0–9 - _` (the API document's rule; the bound is TRTC's).
    UserId,
    32
);
text_id!(
    /// A device of a user: an id that the SDK makes once and keeps. 1 to 64 bytes of `a–z A–Z 0–9 - _`.
    DeviceId,
    64
);

/// An id that the server issues: a place in its log. On the wire a string of decimal digits, opaque to clients.
macro_rules! issued_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                check(text, 20)?;
                if !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(BadId::NotIssued);
                }
                text.parse().map(Self).map_err(|_| BadId::NotIssued)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

issued_id!(
    /// A call, unique within its app. Derived from the log position of the request that began it.
    CallId
);
issued_id!(
    /// A session: what a `login` begins and a `resume` goes on with. Unique within its app.
    SessionId
);

/// A request's number within its session (the JSON-RPC `id`): 1, 2, 3 … as the client counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// Which invitation of a user into a call: a user who is invited into the same call again gets another, so an answer that
/// names one can't be taken for an answer to the other. It is the distance in the log from the request that made the call
/// to the one that invited, and one more; so it stays below 2^53, up to where a JSON number is exact in browsers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvitationId(pub u64);

impl InvitationId {
    /// No invitation: how the one who made the call is in it.
    pub const NONE: Self = Self(0);
}

/// An event's number within its session: 1, 2, 3 … as the server counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventSeq(pub u64);
