//! Where an app's webhooks go, and what they are signed with.

use super::ConfigError;
use super::data::DataFolder;
use super::file::{AppSection, OneOrSeveral};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tsuwa_proto::AppId;

/// How a webhook secret begins (Standard Webhooks 1.0.0).
const SECRET_PREFIX: &str = "whsec_";
/// The key's bounds in bytes, from the same specification.
const SHORTEST_BYTES: usize = 24;
const LONGEST_BYTES: usize = 64;
/// What a secret that is made here has.
const MADE_BYTES: usize = 32;
/// Two are needed while a receiver changes from one to the other; each makes the header longer.
const MOST_SECRETS: usize = 4;

/// Secrets that stand in documents: whoever can read can sign with them.
const PUBLISHED: &[&str] = &[
    // The example of docs/webhooks.md, and of the specification.
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    // The example in many libraries' documents and tests.
    "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
];

/// Where an app's webhooks go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebhookConfig {
    /// The receiver.
    pub url: WebhookUrl,
    /// What they are signed with.
    pub secret: WebhookSecret,
    /// With these too, so that a receiver can change from one to another without missing anything.
    pub older_secrets: Vec<WebhookSecret>,
    /// The authorities whose certificates the receiver may have, PEM; without it those of the public web.
    pub authorities: Option<PathBuf>,
}

/// The address of a receiver: `https`, or `http` where that can only mean this machine or a private network.
///
/// `Debug` shows no path: it often holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl {
    uri: axum::http::Uri,
    secure: bool,
}

impl WebhookUrl {
    /// Whether TLS is spoken. If not, only loopback and private addresses are connected to, whatever a name says.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    pub(crate) fn uri(&self) -> &axum::http::Uri {
        &self.uri
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://…", if self.secure { "https" } else { "http" })
    }
}

impl FromStr for WebhookUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        // What stands behind # never goes over the wire, so whoever writes it means something else.
        let uri: axum::http::Uri = if text.contains('#') { None } else { text.parse().ok() }
            .ok_or("is no address as https://example.org/x")?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("must begin with https:// (or http:// for a receiver on a private network)"),
        };
        let authority = uri.authority().map(axum::http::uri::Authority::as_str).unwrap_or_default();
        if authority.contains('@') {
            return Err("holds a user's name or password; receivers know us by the signature");
        }
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err("names no host");
        }
        // A port that is none would be passed over, and the scheme's own taken.
        let port = authority.strip_prefix(uri.host().unwrap_or_default()).unwrap_or_default();
        if !port.is_empty() && !port[1..].parse().is_ok_and(|port: u16| port > 0) {
            return Err("has a port that is none: they go from 1 to 65535");
        }
        if !secure && host.parse().is_ok_and(|ip| !is_near(ip)) {
            return Err("is http over the public network: everybody on the way could read who calls whom; use https");
        }
        Ok(Self { uri, secure })
    }
}

/// Whether an address is this machine's, or of a private network (RFC 1918, RFC 4193): where `http` may go.
pub(crate) fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

/// What webhooks are signed with: `whsec_` and 24 to 64 bytes in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret {
    text: String,
    key: Vec<u8>,
}

impl WebhookSecret {
    /// A new one from the system's random source.
    ///
    /// # Errors
    /// The system has no random source.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut key = vec![0; MADE_BYTES];
        getrandom::fill(&mut key)?;
        Ok(Self { text: format!("{SECRET_PREFIX}{}", STANDARD.encode(&key)), key })
    }

    /// The text, as a receiver's library takes it. For showing to its owner; not for logs.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The key of the HMAC.
    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }
}

impl FromStr for WebhookSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or("must begin with whsec_")?;
        let key = STANDARD.decode(encoded).map_err(|_| "has something else than base64 behind whsec_")?;
        if !(SHORTEST_BYTES..=LONGEST_BYTES).contains(&key.len()) {
            return Err("must have 24 to 64 bytes behind whsec_, in base64");
        }
        if key.iter().all(|byte| Some(byte) == key.first()) {
            return Err("is one byte over and over");
        }
        Ok(Self { text: text.to_owned(), key })
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// What the section of an app says of webhooks.
pub(super) fn checked(
    section: &AppSection,
    app: AppId,
    data: &DataFolder,
) -> Result<Option<WebhookConfig>, ConfigError> {
    let wrong = |name: &str, reason: &str| ConfigError::new(format!("apps.{name}"), reason);
    let Some(url) = &section.webhook_url else {
        let idle = [
            ("webhook_secret", section.webhook_secret.is_some()),
            ("webhook_secret_file", section.webhook_secret_file.is_some()),
            ("webhook_ca", section.webhook_ca.is_some()),
        ];
        if let Some((name, _)) = idle.iter().find(|(_, given)| *given) {
            return Err(wrong(name, "is given, but no webhook_url: where to?"));
        }
        return Ok(None);
    };
    let url: WebhookUrl = url.parse().map_err(|reason| wrong("webhook_url", reason))?;
    let mut secrets = secrets(section, app, data)?;
    let older_secrets = secrets.split_off(1);
    // There was at least one.
    let Some(secret) = secrets.pop() else { unreachable!() };
    if let Some(path) = &section.webhook_ca {
        crate::hooks::read_authorities(path).map_err(|reason| wrong("webhook_ca", &reason))?;
        if !url.is_secure() {
            return Err(wrong("webhook_ca", "is of no use: webhook_url is http, and shows no certificate"));
        }
    }
    Ok(Some(WebhookConfig { url, secret, older_secrets, authorities: section.webhook_ca.clone() }))
}

/// What webhooks are signed with: one at least.
fn secrets(section: &AppSection, app: AppId, data: &DataFolder) -> Result<Vec<WebhookSecret>, ConfigError> {
    let wrong = |name: &str, reason: &str| ConfigError::new(format!("apps.{name}"), reason);
    let given = match (&section.webhook_secret, &section.webhook_secret_file) {
        (Some(_), Some(_)) => Err("is given, and webhook_secret_file too; which one holds?"),
        (Some(OneOrSeveral::One(text)), None) => parsed([text.as_str()]),
        (Some(OneOrSeveral::Several(texts)), None) => parsed(texts.iter().map(String::as_str)),
        (None, Some(path)) => return read_all(path).map_err(|reason| wrong("webhook_secret_file", &reason)),
        (None, None) => {
            // Made, if there is none.
            data.webhook_secret(app)?;
            let path = data.webhook_secret_path(app);
            return read_all(&path).map_err(|reason| ConfigError::new(path.display().to_string(), reason));
        }
    };
    given.map_err(|reason| wrong("webhook_secret", reason))
}

fn parsed<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<WebhookSecret>, &'static str> {
    let mut secrets: Vec<WebhookSecret> = Vec::new();
    for text in texts {
        if PUBLISHED.contains(&text) {
            return Err("is an example that everybody knows; make one of your own");
        }
        let secret: WebhookSecret = text.parse()?;
        if secrets.iter().any(|other| other.key == secret.key) {
            return Err("is there twice");
        }
        secrets.push(secret);
    }
    match secrets.len() {
        0 => Err("is not there; leave the setting out, and one is made"),
        1..=MOST_SECRETS => Ok(secrets),
        _ => Err("is one of too many: four at the most"),
    }
}

/// The secrets in a file, one on each line, the newest first.
fn read_all(path: &Path) -> Result<Vec<WebhookSecret>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{} can't be read: {e}", path.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    parsed(lines).map_err(|reason| format!("a secret in {} {reason}", path.display()))
}

/// The newest secret in a file.
pub(super) fn read(path: &Path) -> Result<WebhookSecret, String> {
    Ok(read_all(path)?.swap_remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_the_neighbourhood() {
        for good in [
            "https://hooks.example.org/tsuwa?app=1",
            "https://203.0.113.7/",
            "https://[2001:db8::1]/",
            "http://127.0.0.1:8080/x",
            "http://[::1]:8080",
            "http://10.1.2.3",
            "http://[fd00::1]/x",
            // A name is judged when it is looked up.
            "http://push-gateway:8080/",
        ] {
            assert!(good.parse::<WebhookUrl>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "/path",
            "hooks.example.org",
            "ftp://example.org",
            "http://203.0.113.7/",
            "http://[2001:db8::1]/",
            "http://[::ffff:203.0.113.7]/",
            "https://user:password@example.org/",
            "https://example.org/#part",
            "https://example.org:0/",
            "https://example.org:70000/",
            "https://example.org:/",
            "https://[2001:db8::1]:70000/",
            "https://",
        ] {
            assert!(bad.parse::<WebhookUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_as_the_specification_says() {
        let made = WebhookSecret::random().expect("random numbers");
        assert_eq!(made.expose().parse(), Ok(made.clone()));
        // The example of the specification: 24 bytes.
        let known: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().expect("a secret");
        assert_eq!(known.key().len(), 24);
        for bad in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_????", "whsec_c2hvcnQ="] {
            assert!(bad.parse::<WebhookSecret>().is_err(), "{bad}");
        }
        assert!(!format!("{made:?}").contains(made.expose()));
    }
}
