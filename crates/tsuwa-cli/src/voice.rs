//! What stands in for somebody who talks.

use tsuwa::media::{Capture, FRAME, Recording};
use tsuwa::sound::{Talker, loudness};

/// A talker's pause between two words is far shorter than this second.
const LONGEST_PAUSE_FRAMES: usize = 50;

/// Says something without a pause for breath, so that a gap in what is heard is a fault; and keeps what it said.
pub(crate) struct Mouth {
    talker: Talker,
    said: Recording,
}

impl Mouth {
    /// Voices of different seeds differ.
    pub(crate) fn new(seed: u64, said: Recording) -> Self {
        Self { talker: Talker::new(seed), said }
    }
}

impl Capture for Mouth {
    fn read(&mut self, frame: &mut [i16; FRAME]) -> bool {
        for _ in 0..LONGEST_PAUSE_FRAMES {
            self.talker.fill(frame);
            if loudness(frame).audible() {
                break;
            }
        }
        self.said.push(frame);
        true
    }
}
