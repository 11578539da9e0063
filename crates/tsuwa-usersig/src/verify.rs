//! Believing tickets.

use crate::error::VerifyError;
use crate::key::Key;
use crate::packing::unpack;
use crate::reader::Unverified;
use crate::userbuf::UserBuf;

/// Most bytes that a ticket may have. The longest that a generator writes, uncompressed, has about 600.
pub const LONGEST_TICKET_BYTES: usize = 4096;

/// How far in the future a ticket may have been made, in seconds: the clocks of the app's server and of this one are
/// rarely the same. Five minutes is what Kerberos allows (RFC 4120) and within the "few minutes" of RFC 7519. It is for
/// the beginning only: the end is the end.
pub const TOLERATED_SKEW_S: u64 = 300;

/// What a ticket that was believed says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The first Unix second at which it is no longer good. Times 1000 it is an integer below 2⁵³.
    pub expires_at_s: u64,
    /// Of a room ticket: the room and what may be done there.
    pub userbuf: Option<UserBuf>,
}

/// Verifies a ticket with which `user` wants to sign in to `app`, whose secret is `key`, at `now_s` (Unix seconds).
///
/// What is checked when: first the form; then the app, because a genuine ticket of another app is signed with a key that
/// is not at hand and "altered" would send its developer looking in the wrong place; then the signature. All that is
/// said after that (another user, expired) is said of a genuine ticket only. Neither order tells anybody anything that
/// they don't know: a ticket's text can be read by whoever has it.
///
/// # Errors
/// A [`VerifyError`]; its [`code`](VerifyError::code) is what the client is told.
pub fn verify(key: &Key, app: u32, user: &str, now_s: u64, ticket: &str) -> Result<Verified, VerifyError> {
    match ticket.len() {
        0 => return Err(VerifyError::Empty),
        n if n > LONGEST_TICKET_BYTES => return Err(VerifyError::TooLong),
        _ => {}
    }
    let Unverified { claims, userbuf_text, userbuf, sig } = Unverified::read(&unpack(ticket)?)?;
    if claims.app != app {
        return Err(VerifyError::OtherApp);
    }
    if !key.agrees(&claims.signed_text(userbuf_text.as_deref()), &sig) {
        return Err(VerifyError::Altered);
    }
    if claims.user != user {
        return Err(VerifyError::OtherUser);
    }
    let ticket_end_s = claims.expires_at_s().ok_or(VerifyError::Overflow)?;
    let userbuf = userbuf.map(|bytes| UserBuf::decode(&bytes)).transpose().map_err(|_| VerifyError::UserBuf)?;
    if userbuf.as_ref().is_some_and(|inner| inner.app != app || inner.account != user) {
        return Err(VerifyError::UserBuf);
    }
    let inner_end_s = userbuf.as_ref().map(|inner| u64::from(inner.expires_at_s));
    let expires_at_s = inner_end_s.map_or(ticket_end_s, |inner| inner.min(ticket_end_s));
    if claims.issued_at_s > now_s.saturating_add(TOLERATED_SKEW_S) {
        return Err(VerifyError::NotYet);
    }
    if now_s >= expires_at_s {
        return Err(VerifyError::Expired);
    }
    Ok(Verified { expires_at_s, userbuf })
}
