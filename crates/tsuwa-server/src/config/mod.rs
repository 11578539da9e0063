//! What is to be served: flags, the configuration file and the data folder, merged and checked.
//!
//! Nothing wrong is passed over: a setting that is unknown, or can't be meant, is refused by name, with the reason.

mod apps;
mod data;
mod error;
mod file;
mod limits;
mod media;
mod secret;
mod webhooks;

pub(crate) use apps::check_policy;
pub use apps::{AppConfig, Block, DEFAULT_APP};
pub use data::DataFolder;
pub(crate) use data::FolderLock;
pub use error::ConfigError;
pub use limits::Limits;
pub use secret::Secret;
pub(crate) use webhooks::is_near;
pub use webhooks::{WebhookConfig, WebhookSecret, WebhookUrl};

use crate::media::MediaConfig;
use crate::store::LogSync;
use file::File;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Where a server listens that nobody told otherwise: this machine only.
pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7700);

/// How long a shutdown waits for calls to end, in seconds, unless the configuration says otherwise. Orchestrators
/// commonly kill 30 s after they asked (Kubernetes' `terminationGracePeriodSeconds`).
const DRAIN_S: u64 = 25;
/// A shutdown that waits longer than a day is none.
const DRAIN_MAX_S: u64 = 86_400;

/// How long records are kept, in days, unless the configuration says otherwise: long enough for a year's bills.
const RECORDS_DAYS: u64 = 365;
const RECORDS_MAX_DAYS: u64 = 36_500;

/// What the command line says. What is absent is taken from the file, and else has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file (TOML, as docs/tsuwa.toml).
    pub config: Option<PathBuf>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// The data folder.
    pub data: Option<PathBuf>,
    /// The addresses that media candidates name; empty: loopback and the machine's own.
    pub media_ips: Vec<IpAddr>,
    /// The port of the first media worker.
    pub media_port: Option<u16>,
    /// What candidates say, where it differs from the bound socket.
    pub media_advertise: Option<SocketAddr>,
    /// How many media workers.
    pub workers: Option<usize>,
    /// The certificate chain, PEM.
    pub tls_certificate: Option<PathBuf>,
    /// Its private key, PEM.
    pub tls_key: Option<PathBuf>,
}

/// The files that TLS needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Everything a server needs to know, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where secrets, calls and records are kept.
    pub data: DataFolder,
    /// TLS, or plain text.
    pub tls: Option<TlsFiles>,
    /// Where media is carried.
    pub media: MediaConfig,
    /// Whether `/metrics` answers others than this machine.
    pub metrics_for_all: bool,
    /// Whether the page gives tickets to whoever types a name in: only where there is no configuration file, and
    /// this machine alone is listened to.
    pub gives_tickets: bool,
    /// Whose `X-Forwarded-For` is believed: the proxies in front of this server.
    pub proxies: Vec<IpAddr>,
    /// How long a shutdown waits for calls to end.
    pub drain: Duration,
    /// When logs are brought to the disk.
    pub log_sync: LogSync,
    /// How long records of calls are kept; for ever, if nothing is said.
    pub records_kept: Option<Duration>,
    /// How much one client may ask for.
    pub limits: Limits,
    /// The apps; at least one.
    pub apps: Vec<AppConfig>,
}

impl Config {
    /// Reads the file, if one is named, and the data folder, which is made if it is not there.
    ///
    /// # Errors
    /// The name of the first setting that is wrong, and the reason.
    pub fn load(settings: Settings) -> Result<Self, ConfigError> {
        let file = settings.config.as_deref().map(File::read).transpose()?.unwrap_or_default();
        let listen = match (settings.listen, &file.listen) {
            (Some(listen), _) => listen,
            (None, Some(text)) => text.parse().map_err(|_| {
                ConfigError::new("listen", format!("\"{text}\" is no address with a port, as in 127.0.0.1:7700"))
            })?,
            (None, None) => DEFAULT_LISTEN,
        };
        let gives_tickets = settings.config.is_none() && listen.ip().is_loopback();
        let tls = tls(&settings, &file)?;
        let media = media::checked(&settings, file.media)?;
        let proxies = proxies(&file.proxies)?;
        let limits = Limits::checked(file.limits)?;
        let log_sync = log_sync(file.log.sync.as_deref())?;
        let records_kept = records_kept(file.log.records_days)?;
        let drain_s = file.drain_s.unwrap_or(DRAIN_S);
        if drain_s > DRAIN_MAX_S {
            return Err(ConfigError::new("drain_s", format!("{drain_s} is more than a day ({DRAIN_MAX_S})")));
        }
        let folder = settings.data.or(file.data).unwrap_or_else(DataFolder::default_path);
        let data = DataFolder::open(&folder)?;
        let apps = apps::checked(file.apps, &data)?;
        Ok(Self {
            listen,
            data,
            tls,
            media,
            metrics_for_all: file.metrics_for_all,
            proxies,
            gives_tickets,
            drain: Duration::from_secs(drain_s),
            log_sync,
            records_kept,
            limits,
            apps,
        })
    }

    /// A server on any free port of loopback, with the default app, its data in this folder: for tests and demos.
    ///
    /// # Errors
    /// The data folder can't be made.
    pub fn local(data: impl Into<PathBuf>) -> Result<Self, ConfigError> {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self::load(Settings {
            listen: Some(SocketAddr::new(loopback, 0)),
            data: Some(data.into()),
            media_ips: vec![loopback],
            ..Settings::default()
        })
    }

    /// Whether browsers will refuse the microphone to a page of this server (they want TLS, but on loopback).
    pub fn browsers_refuse_the_microphone(&self) -> bool {
        self.tls.is_none() && !self.listen.ip().is_loopback()
    }
}

fn log_sync(text: Option<&str>) -> Result<LogSync, ConfigError> {
    match text {
        None => Ok(LogSync::default()),
        Some("second") => Ok(LogSync::Second),
        Some("always") => Ok(LogSync::Always),
        Some(other) => Err(ConfigError::new("log.sync", format!("\"{other}\" is neither \"second\" nor \"always\""))),
    }
}

fn records_kept(days: Option<u64>) -> Result<Option<Duration>, ConfigError> {
    match days.unwrap_or(RECORDS_DAYS) {
        0 => Ok(None),
        days if days <= RECORDS_MAX_DAYS => Ok(Some(Duration::from_secs(days * 86_400))),
        days => {
            let reason = format!("{days} is more than a century ({RECORDS_MAX_DAYS}); 0 keeps them for ever");
            Err(ConfigError::new("log.records_days", reason))
        }
    }
}

fn proxies(texts: &[String]) -> Result<Vec<IpAddr>, ConfigError> {
    let parse = |text: &String| {
        let ip: IpAddr =
            text.parse().map_err(|_| ConfigError::new("proxies", format!("\"{text}\" is no IP address")))?;
        Ok(ip.to_canonical())
    };
    texts.iter().map(parse).collect()
}

fn tls(settings: &Settings, file: &File) -> Result<Option<TlsFiles>, ConfigError> {
    let from_file = file.tls.as_ref();
    let certificate = settings.tls_certificate.clone().or_else(|| from_file.and_then(|tls| tls.certificate.clone()));
    let key = settings.tls_key.clone().or_else(|| from_file.and_then(|tls| tls.key.clone()));
    let readable = |name: &str, path: &PathBuf| {
        std::fs::File::open(path).map_err(|e| ConfigError::new(name, format!("{} can't be read: {e}", path.display())))
    };
    match (certificate, key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            readable("tls.certificate", &certificate)?;
            readable("tls.key", &key)?;
            Ok(Some(TlsFiles { certificate, key }))
        }
        (Some(_), None) => Err(ConfigError::new("tls.key", "is missing: a certificate is of no use without its key")),
        (None, Some(_)) => Err(ConfigError::new("tls.certificate", "is missing: a key alone is of no use")),
    }
}
