//! `tsuwa sig`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};
use tsuwa_proto::AppId;
use tsuwa_server::{DEFAULT_APP, DataFolder};
use tsuwa_usersig::{Claims, Key, Privileges, Room, sign, sign_room};

/// A week: what the field's own consoles give, and long enough to try things out.
const EXPIRE_S: u64 = 7 * 24 * 3600;

/// What `tsuwa sig` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Whom the ticket is for: 1 to 32 of a-z A-Z 0-9 - _.
    user: String,
    /// The app (sdkAppId).
    #[arg(long, value_name = "ID", default_value_t = DEFAULT_APP.0)]
    app: u32,
    /// The app's secret; without it, the one in the data folder is taken. Others on this machine can see it in the list
    /// of processes: `-` reads it from standard input.
    #[arg(long, value_name = "TEXT")]
    secret: Option<String>,
    /// How long the ticket is good, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = EXPIRE_S, value_parser = clap::value_parser!(u64).range(1..))]
    expire: u64,
    /// Make it a room ticket: for this room, by number or by name.
    #[arg(long, value_name = "ROOM")]
    room: Option<String>,
    /// The data folder of the server [default: as `tsuwa serve`].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Prints the ticket, or why there is none.
pub(crate) fn run(args: &Args) -> ExitCode {
    match ticket(args) {
        Ok(ticket) => {
            println!("{ticket}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("tsuwa sig: {why}");
            ExitCode::from(2)
        }
    }
}

fn ticket(args: &Args) -> Result<String, String> {
    let key = Key::new(&secret(args)?).map_err(|e| format!("--secret: {e}"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| "the clock says that it is before 1970")?;
    let claims = Claims { app: args.app, user: args.user.clone(), issued_at_s: now.as_secs(), lifetime_s: args.expire };
    let made = match &args.room {
        None => sign(&key, &claims),
        Some(room) => {
            let room = room.parse().map_or_else(|_| Room::Name(room.clone()), Room::Number);
            sign_room(&key, &claims, &room, Privileges::ALL)
        }
    };
    made.map_err(|e| e.to_string())
}

fn secret(args: &Args) -> Result<String, String> {
    match args.secret.as_deref() {
        Some("-") => {
            let text = std::io::read_to_string(std::io::stdin()).map_err(|e| format!("standard input: {e}"))?;
            Ok(text.trim().to_owned())
        }
        Some(secret) => Ok(secret.to_owned()),
        None => {
            let folder = args.data.clone().unwrap_or_else(DataFolder::default_path);
            let data = DataFolder::at(&folder);
            let path = data.secret_path(AppId(args.app));
            if !path.exists() {
                return Err(format!(
                    "there is no secret at {}: `tsuwa serve` makes it at its first start; or give --secret, --data",
                    path.display()
                ));
            }
            data.app_secret(AppId(args.app)).map(|secret| secret.expose().to_owned()).map_err(|e| e.to_string())
        }
    }
}
