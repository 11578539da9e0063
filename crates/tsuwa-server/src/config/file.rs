//! The configuration file as it is written, before anything is checked.

use super::ConfigError;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use tsuwa_call::Policy;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) listen: Option<String>,
    pub(super) data: Option<PathBuf>,
    pub(super) drain_s: Option<u64>,
    pub(super) metrics_for_all: bool,
    pub(super) proxies: Vec<String>,
    pub(super) tls: Option<TlsSection>,
    pub(super) media: MediaSection,
    pub(super) log: LogSection,
    pub(super) limits: LimitsSection,
    pub(super) apps: Vec<AppSection>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TlsSection {
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MediaSection {
    pub(super) ips: Vec<String>,
    pub(super) port: Option<u64>,
    pub(super) advertise: Option<String>,
    pub(super) workers: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LogSection {
    pub(super) sync: Option<String>,
    pub(super) records_days: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LimitsSection {
    pub(super) sign_in_s: Option<u64>,
    pub(super) sockets: Option<u64>,
    pub(super) strangers: Option<u64>,
    pub(super) strangers_per_address: Option<u64>,
    pub(super) requests_per_s: Option<u64>,
    pub(super) failed_sign_ins_per_min: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppSection {
    pub(super) id: u32,
    pub(super) secret: Option<String>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) admin_token: Option<String>,
    pub(super) admin_token_file: Option<PathBuf>,
    pub(super) webhook_url: Option<String>,
    pub(super) webhook_secret: Option<OneOrSeveral>,
    pub(super) webhook_secret_file: Option<PathBuf>,
    pub(super) webhook_ca: Option<PathBuf>,
    #[serde(default)]
    pub(super) policy: Policy,
    #[serde(default)]
    pub(super) users: Vec<String>,
    #[serde(default)]
    pub(super) blocklist: Vec<BlockSection>,
}

/// A text, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "must be a text, or a list of texts")]
pub(super) enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockSection {
    pub(super) user: String,
    pub(super) blocked: String,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = || path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|e| ConfigError::new(name(), format!("can't be read: {e}")))?;
        // TOML's own message names the line and the key.
        toml::from_str(&text).map_err(|e| ConfigError::new(name(), e.to_string()))
    }
}
