//! Real microphones and loudspeakers.

#[cfg(feature = "cpal")]
mod cpal_device;

use super::endpoint::{Capture, Playback};

#[cfg(feature = "cpal")]
pub(super) fn microphone(name: Option<String>) -> Box<dyn Capture> {
    Box::new(cpal_device::Microphone::new(name))
}

#[cfg(feature = "cpal")]
pub(super) fn speaker(name: Option<String>) -> Box<dyn Playback> {
    Box::new(cpal_device::Speaker::new(name))
}

#[cfg(not(feature = "cpal"))]
mod missing {
    use super::super::endpoint::{Capture, FRAME, Playback};
    use tsuwa_proto::{Code, Refusal};

    pub(in super::super) struct Missing;

    impl Capture for Missing {
        fn open(&mut self) -> Result<(), Refusal> {
            Err(Refusal::new(Code::MicrophoneFailed, "built without device support (feature cpal)"))
        }

        fn read(&mut self, _: &mut [i16; FRAME]) -> bool {
            false
        }
    }

    impl Playback for Missing {
        fn open(&mut self) -> Result<(), Refusal> {
            Err(Refusal::new(Code::SpeakerFailed, "built without device support (feature cpal)"))
        }

        fn write(&mut self, _: &[i16; FRAME]) {}
    }
}

#[cfg(not(feature = "cpal"))]
pub(super) fn microphone(_: Option<String>) -> Box<dyn Capture> {
    Box::new(missing::Missing)
}

#[cfg(not(feature = "cpal"))]
pub(super) fn speaker(_: Option<String>) -> Box<dyn Playback> {
    Box::new(missing::Missing)
}
