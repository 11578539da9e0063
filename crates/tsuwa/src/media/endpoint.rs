//! Where sound comes from and where it goes.

use super::load::Load;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tsuwa_proto::Refusal;

/// Samples in a frame: 20 ms of mono sound at 48 kHz.
pub const FRAME: usize = 960;

/// Most samples that a [`Recording`] keeps: 10 minutes. What comes after is dropped.
const RECORDING_MOST: usize = 10 * 60 * 48_000;

/// Which way the sound is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Route {
    /// The loudspeaker: hands-free.
    #[default]
    Loudspeaker,
    /// The earpiece, or a headset.
    Earpiece,
}

/// A microphone, or what stands in for one. Called from the engine's thread only; must not block.
pub trait Capture: Send {
    /// Gets ready. An error is told once, and the call goes on with silence.
    fn open(&mut self) -> Result<(), Refusal> {
        Ok(())
    }

    /// Gives the next 20 ms; `false` if there is no sound now (silence is sent in its place).
    fn read(&mut self, frame: &mut [i16; FRAME]) -> bool;

    /// A fault since the last time: a device that takes its time to open and can't be, or was pulled out.
    fn fault(&mut self) -> Option<Refusal> {
        None
    }

    /// Muted: nothing is read until it is over, and a device should not listen meanwhile.
    fn pause(&mut self, paused: bool) {
        let _ = paused;
    }

    /// Lets go of the device; `open` may come again.
    fn close(&mut self) {}
}

/// A loudspeaker, or what stands in for one. Called from the engine's thread only; must not block.
pub trait Playback: Send {
    /// Gets ready. An error is told once, and the call goes on unheard.
    fn open(&mut self) -> Result<(), Refusal> {
        Ok(())
    }

    /// Takes the next 20 ms.
    fn write(&mut self, frame: &[i16; FRAME]);

    /// Lets go of the device; `open` may come again.
    fn close(&mut self) {}

    /// Changes between loudspeaker and earpiece. Gives the way that the sound really goes now; `None` if
    /// [`Self::news`] will tell.
    fn route(&mut self, wanted: Route) -> Option<Route> {
        Some(wanted)
    }

    /// What happened since the last time: another way taken, or a fault.
    fn news(&mut self) -> Option<Result<Route, Refusal>> {
        None
    }
}

/// What to send as the local user's voice.
pub enum CaptureSource {
    /// Silence.
    Silence,
    /// A generated, voice-like signal; the same seed gives the same sound.
    Voice {
        /// Tells one voice from another.
        seed: u64,
    },
    /// A WAV file: 16-bit PCM, mono or stereo, any rate.
    Wav {
        /// The file.
        path: PathBuf,
        /// Whether to begin anew at its end; else silence follows.
        looped: bool,
    },
    /// A microphone (feature `cpal`).
    Device {
        /// A part of its name; without, the system's default.
        name: Option<String>,
    },
    /// Packets that were encoded beforehand, by the thread of a load test. The playback is not used.
    Load(Load),
    /// Anything else.
    Custom(Box<dyn Capture>),
}

/// Where to play what the others say.
pub enum PlaybackSink {
    /// Nowhere.
    Discard,
    /// A WAV file, 48 kHz mono; complete when the call ends or the engine stops. A later call is appended.
    Wav {
        /// The file; an older one is overwritten.
        path: PathBuf,
    },
    /// Memory.
    Memory(Recording),
    /// A loudspeaker (feature `cpal`).
    Device {
        /// A part of its name; without, the system's default.
        name: Option<String>,
    },
    /// Anything else.
    Custom(Box<dyn Playback>),
}

#[derive(Default)]
struct Recorded {
    samples: Vec<i16>,
    since: Option<Instant>,
}

/// Sound kept in memory, at most 10 minutes; clones share it.
#[derive(Clone, Default)]
pub struct Recording(Arc<Mutex<Recorded>>);

impl Recording {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was recorded so far: 48 kHz mono.
    pub fn samples(&self) -> Vec<i16> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).samples.clone()
    }

    /// When the first sample was taken.
    pub fn since(&self) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).since
    }

    /// Forgets what was recorded so far.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Recorded::default();
    }

    /// Adds sound at the end; drops it when the recording is full.
    pub fn push(&self, samples: &[i16]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.since.get_or_insert_with(Instant::now);
        let room = RECORDING_MOST.saturating_sub(kept.samples.len());
        kept.samples.extend_from_slice(&samples[..samples.len().min(room)]);
    }
}
