//! The switchboard: a deterministic state machine that decides everything about calls of one app.
//!
//! [`Switchboard::handle`] takes a moment and an [`Input`]; [`Switchboard::poll_output`] gives what follows from it.
//! Nothing here blocks, reads a clock or is random, and every map is ordered: the same inputs at the same moments
//! give the same calls, always. Ids are derived from the input's place in the log.
#![forbid(unsafe_code)]

mod input;
mod output;

pub use input::{AdminAct, DeviceKey, DevicePolicy, Input, MediaReport, Policy};
pub use output::{HowEnded, MediaCommand, Note, Output, Reply, SignedOutWhy};
