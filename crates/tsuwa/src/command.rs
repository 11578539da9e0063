//! What handles ask of the driver.

use crate::recent::RecentAsker;
use crate::server_url::ServerUrl;
use crate::standing::{Asked, Part, Target};
use crate::teller::Asker;
use serde_json::Value;
use tsuwa_proto::{AppId, UserId};

pub(crate) enum Command {
    Login {
        server: ServerUrl,
        app: AppId,
        user: UserId,
        sig: String,
        asker: Asker,
    },
    Logout {
        asker: Asker,
    },
    /// `call` or `groupCall`.
    Invite {
        asked: Asked,
        method: &'static str,
        params: Value,
        asker: Asker,
    },
    Accept {
        part: Part,
        asker: Asker,
    },
    Reject {
        part: Part,
        asker: Asker,
    },
    Hangup {
        targets: Vec<Target>,
    },
    RecentCalls {
        params: Value,
        asker: RecentAsker,
    },
    Mute {
        is_mute: bool,
    },
    HandsFree {
        is_hands_free: bool,
    },
    NetworkChanged,
    Destroy,
}
