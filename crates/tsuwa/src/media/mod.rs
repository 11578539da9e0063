//! Sound of a call: microphone to network, network to loudspeaker.
//!
//! [`MediaEngine`] runs on a thread of its own, so that an application whose own tasks block does not make
//! the sound stutter. It answers the server's SDP offers, sends what the [`CaptureSource`] gives once the
//! microphone is open, and plays everybody else's sound, mixed, into the [`PlaybackSink`].

mod connections;
#[cfg(feature = "cpal")]
mod device;
#[cfg(not(feature = "cpal"))]
#[path = "no_device.rs"]
mod device;
mod ears;
mod endpoint;
mod engine;
mod files;
mod link;
pub mod load;
mod mouth;
mod run;
mod transport;

pub use endpoint::{Capture, CaptureSource, FRAME, Playback, PlaybackSink, Recording, Route};
pub use engine::{AudioSetup, EngineOut, MediaEngine};
