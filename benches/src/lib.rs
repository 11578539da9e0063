//! The bare forwarder that Tsuwa is measured against: what str0m alone costs, for pairs of devices that hear each
//! other. No rooms, gates, signalling or batches: one thread, one UDP socket, one system call a datagram, each engine
//! polled only when something has come for it or it asked to be woken.
//!
//! # How to drive it
//! [`run`] is the whole of a child process. It speaks lines; in an SDP, the ends of its lines are written as the two
//! characters `\n`. It says `bare ADDRESS` first. Then, as often as wanted:
//!
//! | said to it | it says |
//! |---|---|
//! | `offer PAIR SIDE` (`PAIR` a number, `SIDE` `a` or `b`) | `offer PAIR SIDE UP DOWN SDP`: the offer, the `mid` on which this side sends, and that on which it hears the other |
//! | `answer PAIR SIDE SDP` | `ok PAIR SIDE`, or `error PAIR SIDE REASON` |
//! | `close PAIR` | `ok PAIR` |
//! | `count` | `count PACKETS`: RTP packets that it has forwarded |
//!
//! When a side's ICE and DTLS are done it says `up PAIR SIDE`. It ends when its standard input does. An offer for a side
//! that is there makes it anew. Sound is plain Opus, payload type 111; there is nothing else.
#![forbid(unsafe_code)]

mod forwarder;
mod lines;

pub use forwarder::{Forwarder, LONGEST, Offer, Side};
pub use lines::{escape, run, unescape};
