//! The way out: capture, encode, send.

use super::device;
use super::endpoint::{Capture, CaptureSource, FRAME};
use super::files::{Silence, WavSource};
use super::transport::{Outgoing, Transport};
use std::time::Instant;
use tsuwa_proto::{Refusal, Volume};
use tsuwa_voice::{Encoder, LevelMeter, Loudness, Talker};

/// Bitrate of the sound sent, in bits per second: full-band speech, FEC included.
const BITS_PER_S: u32 = 32_000;

/// Share of lost packets from which on each packet carries the one before again (RED, where it was agreed on): FEC
/// alone does for less.
const RED_FROM: f32 = 0.03;

pub(super) struct Mouth {
    capture: Box<dyn Capture>,
    encoder: Option<Encoder>,
    meter: LevelMeter,
    muted: bool,
    open: bool,
    /// Counts on while muted: a receiver tells a pause from a loss by it.
    timestamp: u32,
    last_tick: Option<Instant>,
    /// The last packet, if it was sent right before this one.
    before: Option<Vec<u8>>,
    red: bool,
    speaking: bool,
}

impl Mouth {
    pub(super) fn new(source: CaptureSource) -> Self {
        let capture: Box<dyn Capture> = match source {
            // A load test has no mouth; the engine gives it to its own thread.
            CaptureSource::Silence | CaptureSource::Load(_) => Box::new(Silence),
            CaptureSource::Voice { seed } => Box::new(Talker::new(seed)),
            CaptureSource::Wav { path, looped } => Box::new(WavSource::new(path, looped)),
            CaptureSource::Device { name } => Box::new(device::Microphone::new(name)),
            CaptureSource::Custom(capture) => capture,
        };
        Self {
            capture,
            encoder: None,
            meter: LevelMeter::default(),
            muted: false,
            open: false,
            timestamp: 0,
            last_tick: None,
            before: None,
            red: false,
            speaking: false,
        }
    }

    /// Opens the microphone.
    pub(super) fn open(&mut self) -> Result<(), Refusal> {
        self.encoder = Encoder::new(BITS_PER_S).ok();
        self.open = true;
        self.before = None;
        self.red = false;
        self.speaking = false;
        self.capture.open()?;
        self.capture.pause(self.muted);
        Ok(())
    }

    pub(super) fn close(&mut self) {
        self.open = false;
        self.encoder = None;
        self.meter = LevelMeter::default();
        self.capture.close();
    }

    pub(super) fn mute(&mut self, mute: bool) {
        if self.muted != mute {
            self.muted = mute;
            self.capture.pause(mute);
        }
    }

    pub(super) fn fault(&mut self) -> Option<Refusal> {
        self.capture.fault()
    }

    /// The local user's volume since the last time.
    pub(super) fn volume(&mut self) -> Volume {
        self.meter.take().volume()
    }

    /// Makes the sound sent sturdier, or leaner, by how much of it was lost.
    pub(super) fn adapt(&mut self, loss: f32) {
        // Never under 5 %: a first loss is to be made up for too.
        let percent = (loss * 100.0).clamp(5.0, 40.0) as u8;
        if let Some(encoder) = &mut self.encoder {
            let _ = encoder.set_expected_loss(percent);
        }
        self.red = loss >= RED_FROM;
    }

    /// Captures 20 ms and sends them. While there is no connection nothing is captured.
    pub(super) fn tick(&mut self, now: Instant, transport: Option<&mut Transport>) {
        self.count(now);
        let (Some(transport), false, true) = (transport, self.muted, self.open) else {
            self.speaking = false;
            self.before = None;
            return;
        };
        let mut frame = [0; FRAME];
        if !self.capture.read(&mut frame) {
            // Silence is sent too: it is what keeps the others' buffers even.
            frame.fill(0);
        }
        let level: Loudness = self.meter.add(&frame);
        let Some(encoder) = &mut self.encoder else { return };
        let mut payload = Vec::new();
        if encoder.encode(&frame, &mut payload).is_err() {
            return;
        }
        let before = self.before.as_deref().filter(|_| self.red);
        let first = !std::mem::replace(&mut self.speaking, true);
        let packet = Outgoing { timestamp: self.timestamp, payload: &payload, before, first, level: level.rfc6464() };
        transport.send(&packet, now);
        self.before = Some(payload);
    }

    /// Moves the timestamp on: by a frame each tick, and by what was left out when ticks were.
    fn count(&mut self, now: Instant) {
        let frames = self.last_tick.map_or(1, |last| {
            let passed = now.saturating_duration_since(last).as_millis() / 20;
            // One tick late and the next in time is ordinary; ten are a gap.
            if passed > 10 { u32::try_from(passed).unwrap_or(1) } else { 1 }
        });
        self.timestamp = self.timestamp.wrapping_add(frames.wrapping_mul(FRAME as u32));
        self.last_tick = Some(now);
    }
}
