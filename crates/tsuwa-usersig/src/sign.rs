//! Making tickets.

use crate::claims::{Claims, is_user_id};
use crate::error::SignError;
use crate::key::Key;
use crate::packing::pack;
use crate::userbuf::{Privileges, Room, UserBuf};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Makes a user ticket.
///
/// # Errors
/// [`SignError`] if the claims are such that no verifier would take the ticket.
pub fn sign(key: &Key, claims: &Claims) -> Result<String, SignError> {
    ticket(key, claims, None)
}

/// Makes a room ticket: a user ticket that also says which room may be entered and what may be done there.
///
/// # Errors
/// [`SignError`] if the claims or the room are such that no verifier would take the ticket.
pub fn sign_room(key: &Key, claims: &Claims, room: &Room, privileges: Privileges) -> Result<String, SignError> {
    let end = claims.expires_at_s().ok_or(SignError::Overflow)?;
    let userbuf = UserBuf {
        account: claims.user.clone(),
        app: claims.app,
        room: room.clone(),
        expires_at_s: u32::try_from(end).map_err(|_| SignError::Overflow)?,
        privileges,
    };
    ticket(key, claims, Some(STANDARD.encode(userbuf.encode()?)))
}

fn ticket(key: &Key, claims: &Claims, userbuf: Option<String>) -> Result<String, SignError> {
    if !is_user_id(&claims.user) {
        return Err(SignError::Identifier);
    }
    if claims.expires_at_s().is_none() {
        return Err(SignError::Overflow);
    }
    let sig = STANDARD.encode(key.mac(&claims.signed_text(userbuf.as_deref())));
    let mut json = serde_json::json!({
        "TLS.ver": "2.0",
        "TLS.identifier": claims.user,
        "TLS.sdkappid": claims.app,
        "TLS.time": claims.issued_at_s,
        "TLS.expire": claims.lifetime_s,
        "TLS.sig": sig,
    });
    if let Some(userbuf) = userbuf {
        json["TLS.userbuf"] = userbuf.into();
    }
    Ok(pack(&json.to_string()))
}
