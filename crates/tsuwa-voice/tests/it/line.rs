//! A talker, a network that a test makes up, and a listener; on a time of its own.

use std::time::{Duration, Instant};
use tsuwa_voice::{Encoder, FRAME, Heard, Listener, Packet, Talker};

/// 20 ms.
pub(crate) const STEP: Duration = Duration::from_millis(20);

/// `seconds` of what the talker of `seed` says.
pub(crate) fn said(seed: u64, seconds: f32) -> Vec<i16> {
    let mut sound = vec![0; (seconds * 50.0) as usize * FRAME];
    Talker::new(seed).fill(&mut sound);
    sound
}

/// `sound` as Opus packets of 20 ms.
pub(crate) fn encoded(sound: &[i16]) -> Vec<Vec<u8>> {
    let mut encoder = Encoder::new(32_000).unwrap();
    encoder.set_expected_loss(20).unwrap();
    let (frames, _) = sound.as_chunks::<FRAME>();
    frames
        .iter()
        .map(|frame| {
            let mut packet = Vec::new();
            encoder.encode(frame, &mut packet).unwrap();
            packet
        })
        .collect()
}

/// What happens to the packet of a number: when it arrives after it was sent (`None`: never).
pub(crate) type Fate<'a> = &'a dyn Fn(usize) -> Option<Duration>;

/// What was heard.
pub(crate) struct Outcome {
    pub(crate) sound: Vec<i16>,
    pub(crate) listener: Listener,
    /// Longest run of frames with nothing.
    pub(crate) frames_of_nothing: usize,
}

/// Sends `packets`, 20 ms of the listener's time times `pace` apart, and listens until a second after the last.
pub(crate) fn hear(packets: &[Vec<u8>], pace: f64, first: (u16, u32), fate: Fate<'_>) -> Outcome {
    hear_by(packets, pace, fate, |listener, now, number, payload| {
        let seq = first.0.wrapping_add(number as u16);
        let timestamp = first.1.wrapping_add((number * FRAME) as u32);
        listener.push(now, Packet { seq, timestamp, payload });
    })
}

/// The same, with a way of one's own to hand a packet to the listener.
pub(crate) fn hear_by(
    packets: &[Vec<u8>],
    pace: f64,
    fate: Fate<'_>,
    mut push: impl FnMut(&mut Listener, Instant, usize, &[u8]),
) -> Outcome {
    let begin = Instant::now();
    let mut arrivals: Vec<(Duration, usize)> = (0..packets.len())
        .filter_map(|number| Some((STEP.mul_f64(number as f64 * pace) + fate(number)?, number)))
        .collect();
    arrivals.sort();
    let mut arrivals = arrivals.into_iter().peekable();
    let mut listener = Listener::new().unwrap();
    let mut sound = Vec::new();
    let mut frames_of_nothing = 0;
    // The listener's clock ticks 7 ms out of step with the sender's.
    for tick in 0..(packets.len() as f64 * pace) as u32 + 50 {
        let now = STEP * tick + Duration::from_millis(7);
        while let Some((at, number)) = arrivals.next_if(|(at, _)| *at <= now) {
            push(&mut listener, begin + at, number, &packets[number]);
        }
        match listener.pull(begin + now) {
            Heard::Voice { frame, .. } | Heard::MadeUp(frame) => sound.extend_from_slice(&frame),
            Heard::Nothing => {
                frames_of_nothing += 1;
                sound.extend_from_slice(&[0; FRAME]);
            }
        }
    }
    Outcome { sound, listener, frames_of_nothing }
}

/// Always the same: the network is even.
pub(crate) fn at_once(_: usize) -> Option<Duration> {
    Some(Duration::from_millis(5))
}

/// A number from 0 to 999 that looks random, the same for the same input.
pub(crate) fn dice(number: usize) -> u64 {
    let mixed = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) % 1000
}
