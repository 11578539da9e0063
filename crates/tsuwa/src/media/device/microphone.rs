//! A microphone.

use super::hold::{Ask, Hold, Kind, News, OnError, host, listed};
use super::ring::Ring;
use crate::media::endpoint::{Capture, FRAME};
use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, FromSample, Sample, SampleFormat, SizedSample, Stream, StreamConfig};
use std::sync::Arc;
use tsuwa_proto::{Code, Refusal};
use tsuwa_voice::{RATE_HZ, Resampler};

/// Samples that wait before reading begins, so that a device which gives 10 ms at a time does not run dry: 30 ms.
const BEGIN_AT: usize = 1_440;

/// More waiting than this (its clock is faster than ours, or we were held up) is cut back: 100 ms.
const MOST: usize = 4_800;

/// A microphone by its name, or the system's default.
pub(in crate::media) struct Microphone {
    ring: Arc<Ring>,
    hold: Hold,
    flowing: bool,
}

impl Microphone {
    pub(in crate::media) fn new(name: Option<String>) -> Self {
        let ring = Arc::new(Ring::new());
        Self { hold: Hold::start(Input { ring: Arc::clone(&ring) }, name), ring, flowing: false }
    }
}

impl Capture for Microphone {
    fn open(&mut self) -> Result<(), Refusal> {
        self.flowing = false;
        self.ring.keep(0);
        self.hold.ask(Ask::Open);
        Ok(())
    }

    fn read(&mut self, frame: &mut [i16; FRAME]) -> bool {
        if self.ring.len() > MOST {
            self.ring.keep(BEGIN_AT);
        }
        let enough = if self.flowing { FRAME } else { BEGIN_AT };
        self.flowing = self.ring.len() >= enough;
        self.flowing && self.ring.read(frame) == FRAME
    }

    fn fault(&mut self) -> Option<Refusal> {
        match self.hold.news()? {
            News::Fault(why) => Some(Refusal::new(Code::MicrophoneFailed, why)),
            News::Opened(_) => None,
        }
    }

    fn pause(&mut self, paused: bool) {
        self.hold.ask(Ask::Pause(paused));
        if !paused {
            // What was said while muted stays unsaid.
            self.ring.keep(0);
            self.flowing = false;
        }
    }

    fn close(&mut self) {
        self.hold.ask(Ask::Close);
    }
}

struct Input {
    ring: Arc<Ring>,
}

impl Kind for Input {
    fn devices(&self) -> Vec<Device> {
        listed(true)
    }

    fn default(&self) -> Option<Device> {
        host().default_input_device()
    }

    fn build(&self, device: &Device, on_error: OnError) -> Result<Stream, cpal::Error> {
        let supported = device.default_input_config()?;
        let (format, config) = (supported.sample_format(), supported.config());
        let ring = Arc::clone(&self.ring);
        match format {
            SampleFormat::I16 => stream::<i16>(device, config, ring, on_error),
            SampleFormat::I32 => stream::<i32>(device, config, ring, on_error),
            SampleFormat::U8 => stream::<u8>(device, config, ring, on_error),
            SampleFormat::U16 => stream::<u16>(device, config, ring, on_error),
            _ => stream::<f32>(device, config, ring, on_error),
        }
    }
}

fn stream<T: SizedSample>(
    device: &Device,
    config: StreamConfig,
    ring: Arc<Ring>,
    on_error: OnError,
) -> Result<Stream, cpal::Error>
where
    i16: FromSample<T>,
{
    let channels = usize::from(config.channels.max(1));
    let mut resampler = Resampler::new(config.sample_rate, RATE_HZ);
    let (mut mono, mut sound) = (Vec::new(), Vec::new());
    let on_data = move |data: &[T], _: &cpal::InputCallbackInfo| {
        mono.clear();
        sound.clear();
        mono.extend(data.chunks_exact(channels).map(|all| {
            let sum: i32 = all.iter().map(|&sample| i32::from(i16::from_sample(sample))).sum();
            (sum / channels as i32) as i16
        }));
        resampler.process(&mono, &mut sound);
        ring.write(&sound);
    };
    device.build_input_stream(config, on_data, on_error, None)
}
