//! How much one client may ask for.

use super::ConfigError;
use super::file::LimitsSection;
use std::time::Duration;

/// Bounds on what the network may ask of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a socket may stay without signing in.
    pub sign_in: Duration,
    /// Most sockets at once.
    pub sockets: usize,
    /// Most sockets at once that have not signed in.
    pub strangers: usize,
    /// Most of those from one address (IPv6: one /64). A thousand devices behind one address are normal, and all of them
    /// come back at once when its network does.
    pub strangers_per_address: usize,
    /// Requests a second that a user may make over a longer time, all its devices together; four seconds' worth of
    /// them at once. A phone makes about ten requests in a call.
    pub requests_per_s: u32,
    /// Failed sign-ins a minute from one address (IPv6: one /64) before they are slowed.
    pub failed_sign_ins_per_min: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in: Duration::from_secs(10),
            sockets: 100_000,
            strangers: 10_000,
            strangers_per_address: 2_500,
            requests_per_s: 50,
            failed_sign_ins_per_min: 20,
        }
    }
}

impl Limits {
    /// The same, for a process that may have only so many open files: a tenth of them is left to what are no devices'
    /// sockets.
    #[must_use]
    pub fn within_files(self, files: u64) -> Self {
        let most = usize::try_from(files - files / 10).unwrap_or(usize::MAX).max(1);
        Self { sockets: self.sockets.min(most), strangers: self.strangers.min(most), ..self }
    }

    pub(super) fn checked(section: LimitsSection) -> Result<Self, ConfigError> {
        let default = Self::default();
        let sign_in = section.sign_in_s.unwrap_or(default.sign_in.as_secs());
        let sockets = section.sockets.unwrap_or(default.sockets as u64);
        let strangers = section.strangers.unwrap_or_else(|| sockets.min(default.strangers as u64));
        let per_address = section.strangers_per_address;
        let per_address = per_address.unwrap_or_else(|| strangers.min(default.strangers_per_address as u64));
        let requests = section.requests_per_s.unwrap_or(default.requests_per_s.into());
        let failed = section.failed_sign_ins_per_min.unwrap_or(default.failed_sign_ins_per_min.into());
        Ok(Self {
            sign_in: Duration::from_secs(within("limits.sign_in_s", sign_in, 1, 300)?),
            sockets: within("limits.sockets", sockets, 1, 10_000_000)? as usize,
            strangers: within("limits.strangers", strangers, 1, sockets)? as usize,
            strangers_per_address: within("limits.strangers_per_address", per_address, 1, strangers)? as usize,
            requests_per_s: within("limits.requests_per_s", requests, 1, 100_000)? as u32,
            failed_sign_ins_per_min: within("limits.failed_sign_ins_per_min", failed, 1, 1_000_000)? as u32,
        })
    }
}

fn within(name: &str, value: u64, least: u64, most: u64) -> Result<u64, ConfigError> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(ConfigError::new(name, format!("{value} is not between {least} and {most}")))
}
