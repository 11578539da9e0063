//! Making an instance.

use crate::calling::TrtcCalling;
use crate::desk::Desk;
use crate::device::{self, DeviceIdError};
use crate::driver::{Driver, Setup};
use crate::media::AudioSetup;
use crate::server_url::{BadServer, ServerUrl};
use crate::{shared, socket, teller};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tsuwa_proto::DeviceId;

/// Where `tsuwa serve` listens when nothing else is said.
const DEFAULT_SERVER: &str = "ws://127.0.0.1:7700";
/// The shortest volume interval, as the API's constants have it.
const SHORTEST_VOLUME_INTERVAL: Duration = Duration::from_millis(100);
/// The volume interval unless set, as the API's constants have it.
const VOLUME_INTERVAL: Duration = Duration::from_millis(500);

enum DeviceFrom {
    Random,
    Given(DeviceId),
    File(PathBuf),
}

/// Makes a [`TrtcCalling`].
pub struct TrtcCallingBuilder {
    server: String,
    device: DeviceFrom,
    audio: Option<AudioSetup>,
    volume_interval: Duration,
    trusted_pem: Vec<Vec<u8>>,
}

/// Why an instance could not be made. What was given to the builder is at fault, unless said otherwise.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The server's address is none.
    Server(BadServer),
    /// The device id could not be read or kept.
    Device(DeviceIdError),
    /// A certificate to trust can't be read.
    Certificate,
    /// The system gave no thread for the SDK's own runtime.
    NoRuntime,
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Device(error) => error.fmt(f),
            Self::Certificate => f.write_str("a certificate to trust can't be read"),
            Self::NoRuntime => f.write_str("the system gave no thread for the SDK"),
        }
    }
}

impl std::error::Error for BuildError {}

impl TrtcCallingBuilder {
    pub(crate) fn new() -> Self {
        Self {
            server: DEFAULT_SERVER.to_owned(),
            device: DeviceFrom::Random,
            audio: Some(default_audio()),
            volume_interval: VOLUME_INTERVAL,
            trusted_pem: Vec::new(),
        }
    }

    /// The server: `ws://` or `wss://` (`http` and `https` stand for them), without a path at `/rpc`.
    /// `ws://127.0.0.1:7700` unless set.
    #[must_use]
    pub fn server(mut self, url: impl Into<String>) -> Self {
        self.server = url.into();
        self
    }

    /// Trusts these certificates (PEM) beside the web's own authorities, for `wss://`.
    #[must_use]
    pub fn trust_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.trusted_pem.push(pem.into());
        self
    }

    /// The file that keeps this device's id; it is made if it is not there. With it, an app that was closed in a call
    /// is in the call again when it signs in within the grace.
    #[must_use]
    pub fn device_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.device = DeviceFrom::File(path.into());
        self
    }

    /// This device's id, where the app keeps it itself. Without this and [`Self::device_file`] each instance is a
    /// device of its own.
    #[must_use]
    pub fn device_id(mut self, id: DeviceId) -> Self {
        self.device = DeviceFrom::Given(id);
        self
    }

    /// Where the sound comes from and where it goes. Unless set: the system's microphone and loudspeaker with the
    /// feature `cpal`, else silence.
    #[must_use]
    pub fn audio(mut self, audio: AudioSetup) -> Self {
        self.audio = Some(audio);
        self
    }

    /// Signalling only: no sound, no microphone (tools, tests).
    #[must_use]
    pub fn without_media(mut self) -> Self {
        self.audio = None;
        self
    }

    /// How often `onUserVoiceVolume` comes: every 500 ms unless set, 100 ms at the least.
    #[must_use]
    pub fn volume_interval(mut self, interval: Duration) -> Self {
        self.volume_interval = interval.max(SHORTEST_VOLUME_INTERVAL);
        self
    }

    /// Makes the instance. It lives on the tokio runtime that this is called on; outside of any, on one of its own.
    ///
    /// # Errors
    /// [`BuildError`] says what of the above can't be used.
    pub fn build(self) -> Result<TrtcCalling, BuildError> {
        let runtime = match Handle::try_current() {
            Ok(runtime) => runtime,
            Err(_) => shared::own_runtime()?,
        };
        self.build_on(&runtime)
    }

    /// Makes the instance and puts it in the place of the shared one, which is destroyed. It lives on a runtime of its
    /// own.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn build_shared(self) -> Result<TrtcCalling, BuildError> {
        let instance = self.build_on(&shared::own_runtime()?)?;
        if let Some(older) = shared::share(instance.clone()) {
            older.destroy();
        }
        Ok(instance)
    }

    pub(crate) fn build_on(self, runtime: &Handle) -> Result<TrtcCalling, BuildError> {
        let server = ServerUrl::parse(&self.server).map_err(BuildError::Server)?;
        let device = match self.device {
            DeviceFrom::Random => device::fresh(),
            DeviceFrom::Given(id) => Ok(id),
            DeviceFrom::File(path) => device::kept_in(&path),
        }
        .map_err(BuildError::Device)?;
        let mut trusted = Vec::new();
        for pem in &self.trusted_pem {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                trusted.push(certificate.map_err(|_| BuildError::Certificate)?);
            }
        }
        let tls = socket::tls(&trusted).map_err(|_| BuildError::Certificate)?;
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).map_err(|_| BuildError::Device(DeviceIdError::NoRandomness))?;
        let setup = Setup {
            device,
            tls,
            audio: self.audio,
            volume_interval: self.volume_interval,
            seed: u64::from_le_bytes(seed),
        };
        let desk = Arc::new(Desk::new(server));
        let (commands, inbox) = mpsc::unbounded_channel();
        let (tell, queue) = mpsc::channel(teller::WAITING);
        runtime.spawn(teller::run(queue, desk.clone()));
        let driver_desk = desk.clone();
        runtime.spawn(async move { Driver::new(setup, driver_desk, inbox, tell).run().await });
        Ok(TrtcCalling::new(desk, commands))
    }
}

fn default_audio() -> AudioSetup {
    if cfg!(feature = "cpal") { AudioSetup::devices() } else { AudioSetup::silent() }
}
