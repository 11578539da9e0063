//! A ticket for a server on this machine.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use tsuwa_proto::AppId;
use tsuwa_server::DataFolder;
use tsuwa_usersig::{Claims, Key, sign};

/// A day: a phone on a terminal is not left running for longer.
const LIFETIME_S: u64 = 86_400;

/// A ticket, signed with the secret that the server on this machine keeps in its data folder.
///
/// # Errors
/// What is missing, for people.
pub(super) fn from_data_folder(data: Option<&Path>, app: u32, user: &str) -> Result<String, String> {
    let default = DataFolder::default_path();
    let folder = DataFolder::at(data.unwrap_or(&default));
    let path = folder.secret_path(AppId(app));
    if !path.exists() {
        let path = path.display();
        return Err(format!(
            "no ticket: give one with --sig, or name the server's data folder with --data (no {path})"
        ));
    }
    let secret = folder.app_secret(AppId(app)).map_err(|error| error.to_string())?;
    let key = Key::new(secret.expose()).map_err(|error| error.to_string())?;
    let issued_at_s = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?.as_secs();
    let claims = Claims { app, user: user.to_owned(), issued_at_s, lifetime_s: LIFETIME_S };
    sign(&key, &claims).map_err(|error| error.to_string())
}
