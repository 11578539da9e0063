//! Several voices in one frame.

use crate::{FRAME, Frame};

/// Where the soft clip begins, of full scale 32 767: two people at ordinary speech stay below it and are not changed.
const KNEE: f32 = 24_000.0;

/// Adds up the frames of one 20 ms.
#[derive(Clone, Debug)]
pub struct Mixer {
    sum: [i32; FRAME],
    voices: usize,
}

impl Default for Mixer {
    fn default() -> Self {
        Self { sum: [0; FRAME], voices: 0 }
    }
}

impl Mixer {
    /// Adds a voice.
    pub fn add(&mut self, frame: &Frame) {
        self.voices += 1;
        for (sum, &sample) in self.sum.iter_mut().zip(frame) {
            *sum += i32::from(sample);
        }
    }

    /// The voices together, and begins anew. One voice comes out as it went in; of several, what would go over full
    /// scale is rounded off instead of cut.
    pub fn take(&mut self) -> Frame {
        let mut mixed = [0; FRAME];
        let alone = self.voices <= 1;
        for (out, sum) in mixed.iter_mut().zip(&self.sum) {
            *out = if alone { (*sum).clamp(-32_768, 32_767) as i16 } else { soft_clip(*sum) };
        }
        *self = Self::default();
        mixed
    }
}

/// Leaves small values as they are and bends large ones towards full scale, which they never reach.
fn soft_clip(sum: i32) -> i16 {
    let value = sum as f32;
    if value.abs() <= KNEE {
        return sum as i16;
    }
    let room = 32_767.0 - KNEE;
    let over = (value.abs() - KNEE) / room;
    // x / (1 + x) has slope 1 at 0: no edge at the knee.
    let bent = KNEE + room * over / (1.0 + over);
    bent.copysign(value) as i16
}
