//! The data folder: what the server keeps between runs. Its files hold secrets, so only their owner may read them.

use super::{ConfigError, Secret, WebhookSecret};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tsuwa_proto::AppId;

/// The data folder:
///
/// ```text
/// server.key                what resume tokens are made with
/// server.lock               held by the server that runs
/// apps/1400000001/secret       the app's secret: tickets are signed with it
/// apps/1400000001/admin-token  the app's server credential, for /v1/apps/1400000001/…
/// apps/1400000001/webhook-secret  what webhooks are signed with, if there are any
/// apps/1400000001/calls.sqlite the app's calls, lists and records (with -wal, -shm and -head beside it)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Where the data folder is if nobody says otherwise: `$TSUWA_DATA`, else `$XDG_DATA_HOME/tsuwa`, else
    /// `~/.local/share/tsuwa`, else `./tsuwa-data`. It does not depend on the working directory, so that `tsuwa sig`
    /// finds what `tsuwa serve` made.
    pub fn default_path() -> PathBuf {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        named("TSUWA_DATA")
            .or_else(|| named("XDG_DATA_HOME").map(|folder| folder.join("tsuwa")))
            .or_else(|| named("HOME").map(|home| home.join(".local/share/tsuwa")))
            .unwrap_or_else(|| PathBuf::from("tsuwa-data"))
    }

    /// Opens the folder, making it if it is not there.
    ///
    /// # Errors
    /// It can't be made.
    pub fn open(path: &Path) -> Result<Self, ConfigError> {
        make_folder(path)?;
        Ok(Self(path.to_owned()))
    }

    /// The folder at this path, whether it is there or not: for reading what a server keeps in it.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The key of the resume tokens, made at first use.
    ///
    /// # Errors
    /// It can't be read or made.
    pub fn server_key(&self) -> Result<Secret, ConfigError> {
        kept(&self.0.join("server.key"))
    }

    /// Where the secret of an app is kept, if it is kept here.
    pub fn secret_path(&self, app: AppId) -> PathBuf {
        self.app_folder(app).join("secret")
    }

    /// Where the server credential of an app is kept, if it is kept here.
    pub fn admin_token_path(&self, app: AppId) -> PathBuf {
        self.app_folder(app).join("admin-token")
    }

    /// The secret of an app, made at first use.
    ///
    /// # Errors
    /// It can't be read or made.
    pub fn app_secret(&self, app: AppId) -> Result<Secret, ConfigError> {
        make_folder(&self.app_folder(app))?;
        kept(&self.secret_path(app))
    }

    /// The server credential of an app, made at first use.
    ///
    /// # Errors
    /// It can't be read or made.
    pub fn admin_token(&self, app: AppId) -> Result<Secret, ConfigError> {
        make_folder(&self.app_folder(app))?;
        kept(&self.admin_token_path(app))
    }

    /// Where the secret of an app's webhooks is kept, if it is kept here.
    pub fn webhook_secret_path(&self, app: AppId) -> PathBuf {
        self.app_folder(app).join("webhook-secret")
    }

    /// What the webhooks of an app are signed with, made at first use.
    ///
    /// # Errors
    /// It can't be read or made.
    pub fn webhook_secret(&self, app: AppId) -> Result<WebhookSecret, ConfigError> {
        make_folder(&self.app_folder(app))?;
        let path = self.webhook_secret_path(app);
        let read = |path: &Path| {
            super::webhooks::read(path).map_err(|reason| ConfigError::new(path.display().to_string(), reason))
        };
        kept_as(&path, read, WebhookSecret::random, WebhookSecret::expose)
    }

    /// Makes the folder of an app, where nothing else has: its secrets may be in the configuration.
    pub(crate) fn make_app_folder(&self, app: AppId) -> Result<(), ConfigError> {
        make_folder(&self.app_folder(app))
    }

    /// Where the calls, lists and records of an app are kept.
    pub fn calls_path(&self, app: AppId) -> PathBuf {
        self.app_folder(app).join("calls.sqlite")
    }

    /// Holds the folder for one server. The system lets go of it when the process ends, however it ends.
    ///
    /// # Errors
    /// Another server has it, or the lock can't be made.
    pub(crate) fn lock(&self) -> Result<FolderLock, ConfigError> {
        let path = self.0.join("server.lock");
        let wrong = |e: io::Error| ConfigError::new("data", format!("{} can't be locked: {e}", path.display()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock(file)),
            Err(fs::TryLockError::Error(error)) => Err(wrong(error)),
            Err(fs::TryLockError::WouldBlock) => Err(ConfigError::new(
                "data",
                format!("another server runs on {}; two would tear its calls apart", self.0.display()),
            )),
        }
    }

    fn app_folder(&self, app: AppId) -> PathBuf {
        self.0.join("apps").join(app.0.to_string())
    }
}

/// The data folder is this server's.
#[derive(Debug)]
pub(crate) struct FolderLock(#[allow(dead_code)] fs::File);

/// A secret from a file that somebody else keeps.
pub(super) fn read_secret(path: &Path) -> Result<Secret, ConfigError> {
    let wrong = |reason: String| ConfigError::new(path.display().to_string(), reason);
    let text = fs::read_to_string(path).map_err(|e| wrong(format!("can't be read: {e}")))?;
    Secret::new(text.trim()).map_err(|reason| wrong(format!("the secret in it {reason}")))
}

fn kept(path: &Path) -> Result<Secret, ConfigError> {
    kept_as(path, read_secret, Secret::random, Secret::expose)
}

/// What is in the file; made, and written there, if there is none.
fn kept_as<T>(
    path: &Path,
    read: impl Fn(&Path) -> Result<T, ConfigError>,
    make: impl FnOnce() -> Result<T, getrandom::Error>,
    expose: impl FnOnce(&T) -> &str,
) -> Result<T, ConfigError> {
    if path.exists() {
        return read(path);
    }
    let wrong = |e: io::Error| ConfigError::new("data", format!("{} can't be written: {e}", path.display()));
    let made = make().map_err(|e| ConfigError::new("data", format!("no random numbers: {e}")))?;
    match write_new(path, expose(&made)) {
        Ok(()) => Ok(made),
        // Another process of ours was quicker; what it wrote holds.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => read(path),
        Err(e) => Err(wrong(e)),
    }
}

fn make_folder(path: &Path) -> Result<(), ConfigError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| ConfigError::new("data", format!("{} can't be made: {e}", path.display())))
}

/// Written aside and linked into place, so that nobody ever reads half a secret.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    linked
}
