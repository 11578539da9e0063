//! The switchboard: a deterministic state machine that decides everything about the calls of one app.
//!
//! [`Switchboard::handle`] takes a moment and an [`Input`]; [`Switchboard::poll_output`] gives what follows from it.
//! Nothing here blocks, reads a clock or is random, and every map is ordered: the same inputs at the same moments
//! give the same calls, always. Ids are derived from the input's place in the log.
//!
//! The code is split by state: [`user`](self) holds who is signed in where, `ringing` how an invitation begins and
//! ends, `talking` who joins and leaves, `loss` who is lost and comes back, `media` what the rooms are told and
//! report, `request` which request is allowed when, `admin` what an administrator may do.
#![forbid(unsafe_code)]

mod admin;
mod call;
mod due;
mod input;
mod loss;
mod media;
mod output;
mod presence;
mod request;
mod ringing;
mod switchboard;
mod talking;
mod user;
mod view;

pub use input::{AdminAct, DeviceKey, DevicePolicy, Input, MediaReport, Policy};
pub use output::{HowEnded, MediaCommand, Note, Output, Reply, SignedOutWhy};
pub use switchboard::Switchboard;
pub use view::{LiveCall, LiveMember, LiveUser};
