//! What a ticket says, and the text of it that is signed.

use std::fmt;

/// The last second that a ticket may name: what follows as milliseconds is still an integer that every reader of JSON
/// reads alike (2⁵³), so that whoever multiplies by 1000 can't overflow.
pub(crate) const LAST_SECOND: u64 = (1 << 53) / 1000;

/// What a ticket says: who may sign in to what, and for how long.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// The app (`sdkAppId`).
    pub app: u32,
    /// The user's id: 1 to 32 bytes of `a–z A–Z 0–9 - _`.
    pub user: String,
    /// When the ticket was made, in Unix seconds.
    pub issued_at_s: u64,
    /// For how long it is good, in seconds from `issued_at_s`.
    pub lifetime_s: u64,
}

impl Claims {
    /// The first Unix second at which the ticket is no longer good; `None` if it can't be told ([`LAST_SECOND`]).
    pub(crate) fn expires_at_s(&self) -> Option<u64> {
        self.issued_at_s.checked_add(self.lifetime_s).filter(|end| *end <= LAST_SECOND)
    }

    /// The lines that the HMAC is over. `userbuf` is the base64 text as it stands in the ticket.
    ///
    /// The lines can be read back in one way only, because neither of the two texts can hold a line feed: the user's
    /// id and the base64 are checked by everybody who calls this.
    pub(crate) fn signed_text(&self, userbuf: Option<&str>) -> String {
        let Self { app, user, issued_at_s, lifetime_s } = self;
        let mut text =
            format!("TLS.identifier:{user}\nTLS.sdkappid:{app}\nTLS.time:{issued_at_s}\nTLS.expire:{lifetime_s}\n");
        if let Some(userbuf) = userbuf {
            text.push_str("TLS.userbuf:");
            text.push_str(userbuf);
            text.push('\n');
        }
        text
    }
}

/// The user's id is cut to its beginning, so that no log gets it whole.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("app", &self.app)
            .field("user", &masked(&self.user))
            .field("issued_at_s", &self.issued_at_s)
            .field("lifetime_s", &self.lifetime_s)
            .finish()
    }
}

/// The first two characters of an id.
pub(crate) fn masked(user: &str) -> String {
    user.chars().take(2).chain(['…']).collect()
}

/// Whether a text is a user id: 1 to 32 bytes of `a–z A–Z 0–9 - _`.
pub(crate) fn is_user_id(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(allowed)
}
