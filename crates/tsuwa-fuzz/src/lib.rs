//! The bodies of the fuzz targets: each takes bytes, makes of them whatever its name says, and panics where something
//! does not hold. They are here, and not in `fuzz/`, so that a stable toolchain can run them, too: `cargo xtask fuzz`
//! and cargo-fuzz run them under libFuzzer, the check `fuzz` of `cargo xtask test` gives each its seeds, what was found
//! once, and some mutations.
#![forbid(unsafe_code)]

mod bytes;
mod exchange;
mod frame;
mod invitations;
mod log_record;
mod media;
mod mutate;
mod params;
mod session_client;
mod smoke;
mod switchboard;
mod tcp_framing;
mod usersig;
mod words;

pub use exchange::exchange;
pub use frame::frame;
pub use log_record::log_record;
pub use media::{media_packets, sdp_answer};
pub use params::params;
pub use session_client::session_client;
pub use smoke::smoke;
pub use switchboard::switchboard;
pub use tcp_framing::tcp_framing;
pub use usersig::usersig;

/// A fuzz target.
pub struct Target {
    /// Its name, and that of its folder in `fuzz/corpus`.
    pub name: &'static str,
    /// What it does with bytes.
    pub run: fn(&[u8]),
    /// How many mutations of its seeds the smoke run gives it: as many as fit into some seconds unoptimised.
    pub mutations: usize,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "usersig", run: usersig, mutations: 10_000 },
    Target { name: "frame", run: frame, mutations: 10_000 },
    Target { name: "params", run: params, mutations: 10_000 },
    Target { name: "tcp_framing", run: tcp_framing, mutations: 10_000 },
    Target { name: "sdp_answer", run: sdp_answer, mutations: 500 },
    Target { name: "media_packets", run: media_packets, mutations: 300 },
    Target { name: "log_record", run: log_record, mutations: 10_000 },
    Target { name: "switchboard", run: switchboard, mutations: 10_000 },
    Target { name: "session_client", run: session_client, mutations: 10_000 },
    Target { name: "exchange", run: exchange, mutations: 10_000 },
];
