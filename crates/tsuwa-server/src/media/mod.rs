//! The media workers: threads, sockets and clocks around the rooms of `tsuwa-sfu`.
//!
//! [`MediaPool`] is what the rest of the server sees. It places each call on one worker and keeps it there: a worker
//! is one thread with its own UDP and TCP port and its own rooms, so that nothing is shared or locked between cores.

mod batch;
mod orders;
mod out;
mod pool;
mod sockets;
mod tcp;
mod udp;
mod worker;

pub use out::{MediaOut, MediaStats};
pub use pool::{MediaConfig, MediaPool};
pub use sockets::MediaStartError;
