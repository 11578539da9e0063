//! Where media is carried.

use super::file::MediaSection;
use super::{ConfigError, Settings};
use crate::media::MediaConfig;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// More threads than this help no machine of today.
const MOST_WORKERS: usize = 1024;

pub(super) fn checked(settings: &Settings, section: MediaSection) -> Result<MediaConfig, ConfigError> {
    let workers = settings.workers.or(section.workers).unwrap_or_else(cores);
    if workers == 0 || workers > MOST_WORKERS {
        return Err(ConfigError::new("media.workers", format!("{workers} is not between 1 and {MOST_WORKERS}")));
    }
    let port = match settings.media_port {
        Some(port) => port,
        None => section.port.unwrap_or(0).try_into().map_err(|_| {
            ConfigError::new("media.port", format!("{} is not between 0 and 65535", section.port.unwrap_or(0)))
        })?,
    };
    if port != 0 && usize::from(port) + workers - 1 > usize::from(u16::MAX) {
        let reason = format!("{port} leaves no room for {workers} workers below 65536, each of which has its own port");
        return Err(ConfigError::new("media.port", reason));
    }
    let ips = if settings.media_ips.is_empty() { from_file(section.ips)? } else { settings.media_ips.clone() };
    if let Some(ip) = ips.iter().find(|ip| ip.is_unspecified() || ip.is_multicast()) {
        return Err(ConfigError::new("media.ips", format!("{ip} is no address that a packet can be sent to")));
    }
    let ips = if ips.is_empty() { own_addresses() } else { ips };
    let advertise = advertise(settings, section.advertise)?;
    if let Some(outside) = advertise {
        if port == 0 {
            let reason = "needs media.port: nobody can forward to a port that is chosen at each start";
            return Err(ConfigError::new("media.advertise", reason));
        }
        if usize::from(outside.port()) + workers - 1 > usize::from(u16::MAX) {
            let reason = format!("leaves no room for {workers} workers below port 65536");
            return Err(ConfigError::new("media.advertise", reason));
        }
    }
    Ok(MediaConfig { workers, ips, port, advertise })
}

fn from_file(texts: Vec<String>) -> Result<Vec<IpAddr>, ConfigError> {
    let parse = |text: &String| {
        text.parse().map_err(|_| ConfigError::new("media.ips", format!("\"{text}\" is no IP address (names are not)")))
    };
    texts.iter().map(parse).collect()
}

fn advertise(settings: &Settings, text: Option<String>) -> Result<Option<SocketAddr>, ConfigError> {
    let outside = match (settings.media_advertise, text) {
        (Some(outside), _) => outside,
        (None, Some(text)) => text.parse().map_err(|_| {
            let reason = format!("\"{text}\" is no IP address with a port, as in 203.0.113.7:10000");
            ConfigError::new("media.advertise", reason)
        })?,
        (None, None) => return Ok(None),
    };
    if outside.port() == 0 || outside.ip().is_unspecified() {
        return Err(ConfigError::new("media.advertise", format!("{outside} is nothing that a packet can be sent to")));
    }
    Ok(Some(outside))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Loopback and the machine's own addresses; link-local ones of IPv6 mean nothing without their interface.
fn own_addresses() -> Vec<IpAddr> {
    let mut ips = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    for ip in found.into_iter().map(|interface| interface.ip()) {
        let linked = matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local());
        if !ip.is_loopback() && !linked && !ips.contains(&ip) {
            ips.push(ip);
        }
    }
    ips
}
