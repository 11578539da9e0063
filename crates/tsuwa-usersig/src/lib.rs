//! UserSig tickets (TLSSigAPIv2): what an app's own server hands to its users, and what they sign in with.
//!
//! A ticket is a small JSON object, packed by zlib and a base64 of its own, that carries an HMAC-SHA256 made with the
//! app's secret. Generators of it exist for every language; they differ in the order of keys, in spaces and in the
//! zlib level, so [`verify`] reads what is there and compares nothing but the HMAC, in constant time.
//!
//! No clock is read here: the time comes in as Unix seconds.
//!
//! ```
//! use tsuwa_usersig::{Claims, Key, sign, verify};
//!
//! let key = Key::new("5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e")?;
//! let claims = Claims { app: 1400000001, user: "alice".into(), issued_at_s: 1_700_000_000, lifetime_s: 3600 };
//! let ticket = sign(&key, &claims)?;
//! let verified = verify(&key, 1400000001, "alice", 1_700_000_100, &ticket)?;
//! assert_eq!(verified.expires_at_s, 1_700_003_600);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod claims;
mod error;
mod key;
mod packing;
mod reader;
mod sign;
mod userbuf;
mod verify;

pub use claims::Claims;
pub use error::{BadUserBuf, SignError, VerifyError};
pub use key::{EmptyKey, Key};
pub use sign::{sign, sign_room};
pub use userbuf::{Privileges, Room, UserBuf};
pub use verify::{LONGEST_TICKET_BYTES, TOLERATED_SKEW_S, Verified, verify};
