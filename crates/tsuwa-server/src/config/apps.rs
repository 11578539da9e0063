//! The apps that are served.

use super::data::read_secret;
use super::file::AppSection;
use super::{ConfigError, DataFolder, Secret, WebhookConfig, webhooks};
use std::path::Path;
use tsuwa_call::Policy;
use tsuwa_proto::{AppId, UserId, limits};

/// The app of a server that nobody told of any.
pub const DEFAULT_APP: AppId = AppId(1_400_000_001);

/// The shortest grace that a roaming phone can use: its socket is counted lost only after 2 s.
const GRACE_MIN_MS: u64 = 1_000;
/// A call can't wait for a device for longer than its session is kept.
const GRACE_MAX_MS: u64 = limits::SESSION_KEPT_MS;

/// An app, its secrets and its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppConfig {
    /// Its `sdkAppId`.
    pub id: AppId,
    /// What tickets are signed with.
    pub secret: Secret,
    /// The server credential, for the administrator's HTTP.
    pub admin_token: Secret,
    /// Its rules. Like the two lists below, they are applied where they differ from those of the last start; else what
    /// an administrator set holds.
    pub policy: Policy,
    /// Who is on its list.
    pub users: Vec<UserId>,
    /// Who blocks whom.
    pub blocklist: Vec<Block>,
    /// Where its webhooks go, if anywhere.
    pub webhooks: Option<WebhookConfig>,
}

/// An entry of a blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Who takes no calls …
    pub user: UserId,
    /// … from whom.
    pub blocked: UserId,
}

pub(super) fn checked(sections: Vec<AppSection>, data: &DataFolder) -> Result<Vec<AppConfig>, ConfigError> {
    if sections.is_empty() {
        return Ok(vec![AppConfig {
            id: DEFAULT_APP,
            secret: data.app_secret(DEFAULT_APP)?,
            admin_token: data.admin_token(DEFAULT_APP)?,
            policy: Policy::default(),
            users: Vec::new(),
            blocklist: Vec::new(),
            webhooks: None,
        }]);
    }
    let mut apps: Vec<AppConfig> = Vec::with_capacity(sections.len());
    for section in sections {
        let app = app(section, data)?;
        if apps.iter().any(|earlier| earlier.id == app.id) {
            return Err(ConfigError::new("apps.id", format!("{} is there twice", app.id.0)));
        }
        apps.push(app);
    }
    Ok(apps)
}

fn app(section: AppSection, data: &DataFolder) -> Result<AppConfig, ConfigError> {
    if section.id == 0 {
        return Err(ConfigError::new("apps.id", "0 is no app"));
    }
    let id = AppId(section.id);
    let secret = match one_of("secret", section.secret.as_deref(), section.secret_file.as_deref())? {
        Some(secret) => secret,
        None => data.app_secret(id)?,
    };
    let admin_token = match one_of("admin_token", section.admin_token.as_deref(), section.admin_token_file.as_deref())?
    {
        Some(token) => token,
        None => data.admin_token(id)?,
    };
    if secret == admin_token {
        let reason = "is the app's secret: who may administer should not be able to sign, nor the other way round";
        return Err(ConfigError::new("apps.admin_token", reason));
    }
    let webhooks = webhooks::checked(&section, id, data)?;
    check_policy(&section.policy).map_err(|(name, reason)| ConfigError::new(format!("apps.policy.{name}"), reason))?;
    let user = |name: &str, text: &String| {
        text.parse().map_err(|e| ConfigError::new(format!("apps.{name}"), format!("\"{text}\" is no user id: {e}")))
    };
    let users = section.users.iter().map(|text| user("users", text)).collect::<Result<_, _>>()?;
    let block = |entry: &super::file::BlockSection| {
        Ok(Block { user: user("blocklist.user", &entry.user)?, blocked: user("blocklist.blocked", &entry.blocked)? })
    };
    let blocklist = section.blocklist.iter().map(block).collect::<Result<_, _>>()?;
    Ok(AppConfig { id, secret, admin_token, policy: section.policy, users, blocklist, webhooks })
}

fn one_of(name: &str, text: Option<&str>, file: Option<&Path>) -> Result<Option<Secret>, ConfigError> {
    match (text, file) {
        (Some(_), Some(_)) => {
            Err(ConfigError::new(format!("apps.{name}"), format!("is given, and {name}_file too; which one holds?")))
        }
        (Some(text), None) => {
            Secret::new(text).map(Some).map_err(|reason| ConfigError::new(format!("apps.{name}"), reason))
        }
        (None, Some(path)) => read_secret(path)
            .map(Some)
            .map_err(|e| ConfigError::new(format!("apps.{name}_file"), format!("{} {}", e.setting(), e.reason()))),
        (None, None) => Ok(None),
    }
}

/// What of a policy is out of range: the field's name, and the reason.
pub(crate) fn check_policy(policy: &Policy) -> Result<(), (&'static str, String)> {
    let ring = policy.ring_timeout_s;
    if !(limits::RING_MIN_S..=limits::RING_MAX_S).contains(&ring) {
        let (least, most) = (limits::RING_MIN_S, limits::RING_MAX_S);
        return Err(("ring_timeout_s", format!("{ring} is not between {least} and {most}")));
    }
    let grace = policy.grace_ms;
    if !(GRACE_MIN_MS..=GRACE_MAX_MS).contains(&grace) {
        return Err(("grace_ms", format!("{grace} is not between {GRACE_MIN_MS} and {GRACE_MAX_MS}")));
    }
    Ok(())
}
