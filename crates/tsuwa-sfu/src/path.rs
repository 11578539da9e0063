//! The seam for a steady path beside the WebRTC engine.
//!
//! Today each packet passes the engine twice: in at its sender's leg, out at each receiver's. Most of what that costs
//! is the engine's polling and timeouts, not the cryptography. Once a leg is up, its established sound could go a
//! shorter way: unprotect, rewrite the header, protect, out. What that needs is all at one place each:
//!
//! - **keys**: the watched ciphers see the SRTP session keys when they are made;
//! - **the way in**: [`crate::Rooms::receive`] has found the leg by one look-up before the engine sees the datagram;
//! - **the rewriting**: a receiver's numbering and payload types are the room's own, not the engine's;
//! - **the way out**: packets are collected in [`crate::Rooms::packets`], whoever made them.
//!
//! [`Path`] is what such a forwarder would be to the room. None is built.

use crate::keys::Packet;
use std::time::Instant;

/// What became of a datagram that was shown to a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// It was authentic and has been forwarded, or dropped by a gate; the engine need not see it.
    Forwarded,
    /// It is for the engine: not sound, or of a stream that the path does not know.
    Engine,
    /// It failed authentication: counted, nothing else.
    Refused,
}

/// A way for established media past the engine.
///
/// A path must keep the room's rules: nothing to or from a leg that is not admitted, and nothing learned from a packet
/// that fails authentication. It must tell the engine's replay protection and reports nothing false: what it takes,
/// it accounts for by itself.
pub trait Path {
    /// Shows an SRTP datagram from an address that is bound to the leg; what goes out is added to `out`.
    fn take(&mut self, now: Instant, datagram: &[u8], out: &mut Vec<Packet>) -> Taken;
}
