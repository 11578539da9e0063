//! In the place of devices where the crate is built without them.

use super::endpoint::{Capture, FRAME, Playback};
use tsuwa_proto::{Code, Refusal};

/// Why there is no device.
const WHY: &str = "built without support for audio devices (feature cpal)";

pub(super) struct Microphone;

impl Microphone {
    pub(super) fn new(_: Option<String>) -> Self {
        Self
    }
}

impl Capture for Microphone {
    fn open(&mut self) -> Result<(), Refusal> {
        Err(Refusal::new(Code::MicrophoneFailed, WHY))
    }

    fn read(&mut self, _: &mut [i16; FRAME]) -> bool {
        false
    }
}

pub(super) struct Speaker;

impl Speaker {
    pub(super) fn new(_: Option<String>) -> Self {
        Self
    }
}

impl Playback for Speaker {
    fn open(&mut self) -> Result<(), Refusal> {
        Err(Refusal::new(Code::SpeakerFailed, WHY))
    }

    fn write(&mut self, _: &[i16; FRAME]) {}
}
