//! The shell around the exchange: sockets, threads, clocks, disks.
//!
//! [`Config`] says what is to be served, [`Server`] serves it. Inside, a device's WebSocket ends in the `gateway`,
//! where each of its frames passes one function (`authorise`) and goes on to the `shard` of its app: one writer, which
//! drives `tsuwa_exchange`, appends to the log and then lets the effects out. Media is carried by [`media`].
#![deny(unsafe_code)]

mod admin;
mod apps;
mod authorise;
mod clock;
mod config;
mod door;
mod file_limit;
mod gateway;
mod health;
mod hooks;
mod house;
pub mod media;
mod metrics;
mod page;
mod problem;
mod server;
mod shard;
pub mod store;
mod tls;
mod token;

pub use config::{
    AppConfig, Block, Config, ConfigError, DEFAULT_APP, DEFAULT_LISTEN, DataFolder, Limits, Secret, Settings, TlsFiles,
    WebhookConfig, WebhookSecret, WebhookUrl,
};
pub use file_limit::allow_many_sockets;
pub use server::{Server, StartError};
