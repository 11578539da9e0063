//! The data folder: what the server keeps between runs. Its files hold secrets, so only their owner may read them.

use super::{ConfigError, Secret};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tsuwa_proto::AppId;

/// The data folder:
///
/// ```text
/// server.key                what resume tokens are made with
/// apps/1400000001/secret       the app's secret: tickets are signed with it
/// apps/1400000001/admin-token  the app's server credential, for /v1/apps/1400000001/…
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

    fn app_folder(&self, app: AppId) -> PathBuf {
        self.0.join("apps").join(app.0.to_string())
    }
}

/// A secret from a file that somebody else keeps.
pub(super) fn read_secret(path: &Path) -> Result<Secret, ConfigError> {
    let wrong = |reason: String| ConfigError::new(path.display().to_string(), reason);
    let text = fs::read_to_string(path).map_err(|e| wrong(format!("can't be read: {e}")))?;
    Secret::new(text.trim()).map_err(|reason| wrong(format!("the secret in it {reason}")))
}

fn kept(path: &Path) -> Result<Secret, ConfigError> {
    if path.exists() {
        return read_secret(path);
    }
    let wrong = |e: io::Error| ConfigError::new("data", format!("{} can't be written: {e}", path.display()));
    let secret = Secret::random().map_err(|e| ConfigError::new("data", format!("no random numbers: {e}")))?;
    match write_new(path, secret.expose()) {
        Ok(()) => Ok(secret),
        // Another process of ours was quicker; what it wrote holds.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => read_secret(path),
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
