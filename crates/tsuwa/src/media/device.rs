//! Real microphones and loudspeakers.
//!
//! Opening a device can take a second; so each has a thread of its own that opens, holds and closes it, and between
//! the system's callbacks and the engine lies a ring of samples that neither has to wait for.

mod hold;
mod microphone;
mod ring;
mod speaker;

pub(super) use microphone::Microphone;
pub(super) use speaker::Speaker;
