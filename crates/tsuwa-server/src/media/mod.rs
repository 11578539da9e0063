//! The media workers: threads, sockets and clocks around the rooms of `tsuwa-sfu`.
//!
//! [`MediaPool`] is what the rest of the server sees. It places each call on one worker and keeps it there: a worker
//! is one thread with its own UDP and TCP port and its own rooms, so that nothing is shared or locked between cores.

mod pool;

pub use pool::{MediaConfig, MediaOut, MediaPool, MediaStartError, MediaStats};
