//! What a room ticket says beyond a user ticket.

use crate::claims::{is_user_id, masked};
use crate::error::{BadUserBuf, SignError};
use std::fmt;

/// A room, by number or by name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Room {
    /// By number; 0 is no room.
    Number(u32),
    /// By name, 1 to 64 bytes (the field's bound).
    Name(String),
}

impl Room {
    fn is_a_room(&self) -> bool {
        match self {
            Self::Number(number) => *number != 0,
            Self::Name(name) => (1..=64).contains(&name.len()),
        }
    }
}

/// What may be done in a room: one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Privileges(pub u32);

impl Privileges {
    /// All that there are: make a room, enter it; send sound, hear it; send pictures, see them; share a screen, see it.
    pub const ALL: Self = Self(0xff);
}

/// The `TLS.userbuf` of a room ticket.
#[derive(Clone, PartialEq, Eq)]
pub struct UserBuf {
    /// The user's id: 1 to 32 bytes of `a–z A–Z 0–9 - _`.
    pub account: String,
    /// The app (`sdkAppId`).
    pub app: u32,
    /// The room that may be entered.
    pub room: Room,
    /// The first Unix second at which this is no longer good.
    pub expires_at_s: u32,
    /// What may be done there.
    pub privileges: Privileges,
}

/// The account is cut to its beginning, so that no log gets it whole.
impl fmt::Debug for UserBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserBuf")
            .field("account", &masked(&self.account))
            .field("app", &self.app)
            .field("room", &self.room)
            .field("expires_at_s", &self.expires_at_s)
            .field("privileges", &self.privileges)
            .finish()
    }
}

impl UserBuf {
    /// The bytes, big-endian: version (0 room by number, 1 by name), account with a 16-bit length, app, number (0 with
    /// a name), end, privileges, account type 0, and the name with a 16-bit length if there is one.
    ///
    /// # Errors
    /// [`SignError::Identifier`] or [`SignError::Room`] if the account or the room is none.
    pub fn encode(&self) -> Result<Vec<u8>, SignError> {
        if !is_user_id(&self.account) {
            return Err(SignError::Identifier);
        }
        if !self.room.is_a_room() {
            return Err(SignError::Room);
        }
        let (version, number, name) = match &self.room {
            Room::Number(number) => (0, *number, None),
            Room::Name(name) => (1, 0, Some(name)),
        };
        let mut bytes = vec![version];
        put_text(&mut bytes, &self.account);
        for word in [self.app, number, self.expires_at_s, self.privileges.0, 0] {
            bytes.extend(word.to_be_bytes());
        }
        if let Some(name) = name {
            put_text(&mut bytes, name);
        }
        Ok(bytes)
    }

    /// Reads the bytes; all of them must be used up.
    ///
    /// # Errors
    /// [`BadUserBuf`] if they are not what [`UserBuf::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadUserBuf> {
        let mut rest = bytes;
        let [version] = take(&mut rest)?;
        let account = take_text(&mut rest)?;
        let app = take_u32(&mut rest)?;
        let number = take_u32(&mut rest)?;
        let expires_at_s = take_u32(&mut rest)?;
        let privileges = Privileges(take_u32(&mut rest)?);
        let account_type = take_u32(&mut rest)?;
        let room = match (version, number) {
            (0, number) => Room::Number(number),
            (1, 0) => Room::Name(take_text(&mut rest)?),
            _ => return Err(BadUserBuf),
        };
        if !rest.is_empty() || account_type != 0 || !is_user_id(&account) || !room.is_a_room() {
            return Err(BadUserBuf);
        }
        Ok(Self { account, app, room, expires_at_s, privileges })
    }
}

/// Both texts are far shorter than 16 bits can count: they were checked.
fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u16).to_be_bytes());
    bytes.extend(text.as_bytes());
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], BadUserBuf> {
    let (taken, left) = rest.split_first_chunk().ok_or(BadUserBuf)?;
    *rest = left;
    Ok(*taken)
}

fn take_u32(rest: &mut &[u8]) -> Result<u32, BadUserBuf> {
    take(rest).map(u32::from_be_bytes)
}

fn take_text(rest: &mut &[u8]) -> Result<String, BadUserBuf> {
    let length = usize::from(u16::from_be_bytes(take(rest)?));
    let (taken, left) = rest.split_at_checked(length).ok_or(BadUserBuf)?;
    *rest = left;
    std::str::from_utf8(taken).map(str::to_owned).map_err(|_| BadUserBuf)
}
