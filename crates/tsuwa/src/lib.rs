//! Calls from a Rust program: [`TrtcCalling`] has the functions and callbacks of the TRTCCalling API document, in Rust's
//! own style, on any Tsuwa server.
//!
//! ```no_run
//! use tsuwa::{CallType, TrtcCalling, TrtcCallingEvent};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let calling = TrtcCalling::builder().server("ws://127.0.0.1:7700").build()?;
//! let answering = calling.clone();
//! calling.register_listener(move |event| {
//!     if let TrtcCallingEvent::OnInvited { .. } = event {
//!         answering.accept();
//!     }
//! });
//! calling.login(1_400_000_001, "alice", "the ticket").await.into_result()?;
//! calling.call("bob", CallType::Audio).await.into_result()?;
//! # Ok(())
//! # }
//! ```
//!
//! Events come to listeners and as a stream ([`TrtcCalling::events`]). Functions that answer give an [`Answer`], a future
//! of an [`ActionCallback`] with the field's own codes; functions that return nothing tell of their failure by
//! [`TrtcCallingEvent::OnError`].
#![forbid(unsafe_code)]

mod builder;
mod callback;
mod calling;
mod command;
mod desk;
mod device;
mod driver;
mod event;
mod listeners;
pub mod media;
mod options;
mod recent;
mod server_url;
mod shared;
mod socket;
mod standing;
mod teller;

/// Sound itself, for tools and tests: a voice-like signal, levels, WAV files, and whether what was heard is what was
/// said.
pub mod sound {
    pub use tsuwa_voice::{LevelMeter, Loudness, Match, RATE_HZ, Talker, Wav, WavError, compare, loudness, wav_header};
}

pub use builder::{BuildError, TrtcCallingBuilder};
pub use callback::{ActionCallback, Answer};
pub use calling::TrtcCalling;
pub use desk::{Connected, FirstSound};
pub use device::DeviceIdError;
pub use event::{TrtcCallingEvent, UserVolume};
pub use listeners::{EventStream, ListenerId};
pub use media::load;
pub use options::CallOptions;
pub use recent::RecentCalls;
pub use server_url::BadServer;
pub use tsuwa_proto::{
    CallId, CallStage, CallType, CancelReason, Code, DeviceId, Direction, EndReason, LeaveReason, Millis, Quality,
    RecentCall, SeenOutcome, UserId, Volume,
};
