//! Around the switchboard, pure: append, then commit, then effect.
//!
//! The shell proposes an input ([`Exchange::propose`]), appends the entry to its [`Log`], and only then says
//! [`Exchange::committed`] and carries out what [`Exchange::poll_effect`] gives. So nothing leaves before its cause is
//! in the log, and whoever replays the log has the same calls, sessions, event numbers and results.
#![forbid(unsafe_code)]

pub mod contract;
mod effect;
mod exchange;
mod hooks;
mod input;
mod ledger;
mod log;
mod presence;
mod recover;
mod request;
mod sessions;
mod state;
mod turn;

pub use effect::{Effect, EffectId, EffectKind};
pub use exchange::Exchange;
pub use input::{Entry, Input};
pub use log::{Log, LogError, MemoryLog, Stored};
pub use recover::{RecoverError, Snapshot};

/// What entries mean. It changes whenever the same entries would make another state or other effects, so that a tail
/// written by one version is never replayed by another. (Snapshots have a version of their own, and are read one back.)
pub const LOG_VERSION: u32 = 2;
