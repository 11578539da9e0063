//! Resume tokens: proof that a session is the client's own. Nothing is stored of them.

use crate::config::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use tsuwa_proto::{AppId, SessionId};

/// Makes and checks resume tokens: an HMAC over the app and the session, whose id is never given twice.
pub(crate) struct ResumeTokens {
    key: Secret,
}

impl ResumeTokens {
    pub(crate) fn new(key: Secret) -> Self {
        Self { key }
    }

    pub(crate) fn issue(&self, app: AppId, session: SessionId) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(app, session).finalize().into_bytes())
    }

    /// Whether the token is this session's; it takes the same time for every wrong one.
    pub(crate) fn is(&self, app: AppId, session: SessionId, shown: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(shown) else { return false };
        self.mac(app, session).verify_slice(&bytes).is_ok()
    }

    fn mac(&self, app: AppId, session: SessionId) -> Hmac<Sha256> {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose().as_bytes()) else { unreachable!() };
        mac.update(b"tsuwa resume 1");
        mac.update(&app.0.to_be_bytes());
        mac.update(&session.0.to_be_bytes());
        mac
    }
}

impl fmt::Debug for ResumeTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeTokens(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_session_only() {
        let tokens = ResumeTokens::new(Secret::random().expect("random numbers"));
        let (app, session) = (AppId(1), SessionId(7));
        let token = tokens.issue(app, session);
        assert!(tokens.is(app, session, &token));
        assert!(!tokens.is(app, SessionId(8), &token));
        assert!(!tokens.is(AppId(2), session, &token));
        assert!(!tokens.is(app, session, "no token"));
        assert!(!tokens.is(app, session, ""));
        let stranger = ResumeTokens::new(Secret::random().expect("random numbers"));
        assert!(!stranger.is(app, session, &token));
    }
}
