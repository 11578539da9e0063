//! What can be wrong with a ticket.

use std::fmt;

/// Why a ticket was not taken. [`VerifyError::code`] is the field's number for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum VerifyError {
    /// No ticket. The client's fault.
    Empty,
    /// More bytes than any ticket has ([`crate::LONGEST_TICKET_BYTES`]).
    TooLong,
    /// Not the tickets' base64 (`*`, `-`, `_` in place of `+`, `/`, `=`), or cut off.
    NotBase64,
    /// Not a zlib stream, cut off, or its check sum is wrong.
    NotZlib,
    /// Something follows the zlib stream.
    TrailingBytes,
    /// Inflates to more than any ticket holds.
    InflatesTooFar,
    /// Not one JSON object with each of the fields once and of the right type.
    Fields,
    /// A version other than `2.0`.
    Version,
    /// An identifier that is not a user id.
    Identifier,
    /// For another app than the one that is signed in to. The app's configuration is at fault.
    OtherApp,
    /// The signature is not this app's: a wrong secret, or somebody altered the ticket.
    Altered,
    /// A genuine ticket of this app, for another user.
    OtherUser,
    /// A genuine ticket whose end is too far away to be counted. Whoever made it should choose a shorter life.
    Overflow,
    /// A genuine ticket whose userbuf can't be read, or contradicts the ticket. Its generator's fault.
    UserBuf,
    /// A genuine ticket from the future: the clock of whoever made it, or the server's, is wrong.
    NotYet,
    /// A genuine ticket whose time is over. The client needs a new one.
    Expired,
}

impl VerifyError {
    /// The field's number for it.
    ///
    /// A ticket from the future has the number of an expired one: it is genuine and not good *now*, and what helps an
    /// app is the same, a new ticket.
    pub const fn code(self) -> i32 {
        match self {
            Self::NotYet | Self::Expired => 70001,
            Self::Empty => 70002,
            Self::TooLong
            | Self::NotBase64
            | Self::NotZlib
            | Self::TrailingBytes
            | Self::InflatesTooFar
            | Self::Fields
            | Self::Version
            | Self::Identifier
            | Self::Overflow
            | Self::UserBuf => 70003,
            Self::Altered => 70009,
            Self::OtherUser => 70013,
            Self::OtherApp => 70014,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the UserSig is empty",
            Self::TooLong => "the UserSig is longer than any ticket",
            Self::NotBase64 => "the UserSig is not in the tickets' base64, or cut off",
            Self::NotZlib => "the UserSig does not inflate; is it cut off?",
            Self::TrailingBytes => "something follows the UserSig's compressed part",
            Self::InflatesTooFar => "the UserSig inflates to more than any ticket holds",
            Self::Fields => "the UserSig lacks a field, has one twice, or has one of a wrong type",
            Self::Version => "the UserSig's version is not 2.0",
            Self::Identifier => "the UserSig's identifier is not a user id",
            Self::OtherApp => "the UserSig is for another app",
            Self::Altered => "the UserSig was signed with another key, or altered",
            Self::OtherUser => "the UserSig is for another user",
            Self::Overflow => "the UserSig's end is too far away to be counted",
            Self::UserBuf => "the UserSig's userbuf can't be read, or contradicts it",
            Self::NotYet => "the UserSig is from the future: compare the clocks of its maker and of the server",
            Self::Expired => "the UserSig has expired",
        })
    }
}

impl std::error::Error for VerifyError {}

/// Why a ticket was not made: no verifier would take it. The fault of whoever asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SignError {
    /// The user is not 1 to 32 bytes of `a–z A–Z 0–9 - _`.
    Identifier,
    /// The room is number 0, or its name has not 1 to 64 bytes.
    Room,
    /// The end is too far away: choose a shorter life. (A room ticket's end must come before the year 2106.)
    Overflow,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identifier => "a user id has 1 to 32 of the characters a-z A-Z 0-9 - _",
            Self::Room => "a room is a number other than 0, or a name of 1 to 64 bytes",
            Self::Overflow => "the ticket's end is too far away to be counted",
        })
    }
}

impl std::error::Error for SignError {}

/// Bytes that are not a userbuf: cut off, too many, or a value that there can't be. Their maker's fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadUserBuf;

impl fmt::Display for BadUserBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes are not a userbuf")
    }
}

impl std::error::Error for BadUserBuf {}
