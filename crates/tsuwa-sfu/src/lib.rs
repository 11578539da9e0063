//! The media room: who hears and sees whom, over str0m.
//!
//! Pure: no socket, clock or thread of its own. The shell calls [`Rooms`] with datagrams, commands and the time, sends
//! the [`Packet`]s that come out and passes the [`Happening`]s on.
//!
//! A *leg* is one device in one call. A leg is closed until it is admitted: nothing of it is forwarded, in either
//! direction. Each leg has one m-line on which it sends sound (one more for pictures) and one for each other *user*
//! of the room on which it receives that user, whichever of the user's devices was admitted.
//!
//! # Loop
//! [`Rooms::receive`] any number of datagrams, then [`Rooms::flush`], then send what [`Rooms::packets`] holds: so a
//! packet goes out in the same turn in which it came in. [`Rooms::handle_timeout`] when [`Rooms::deadline`] has come.
#![forbid(unsafe_code)]

mod codecs;
mod counters;
mod engine;
pub mod framing;
mod keyframe;
mod keys;
mod layers;
pub mod path;
mod quality;
mod red;
mod resend;
mod room;
mod rooms;
mod rtcp;
mod sdp;
mod timeline;
mod transport;
mod watch;

pub use counters::Counters;
pub use engine::{Certificate, LocalAddress, Settings};
pub use keys::{Happening, LegKey, Packet, Proto, RoomKey, Track};
pub use rooms::Rooms;
