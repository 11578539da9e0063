//! A loudspeaker, or a headset.

use super::hold::{Ask, Hold, Kind, News, OnError, host, listed};
use super::ring::Ring;
use crate::media::endpoint::{FRAME, Playback, Route};
use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, FromSample, SampleFormat, SizedSample, Stream, StreamConfig};
use std::sync::Arc;
use tsuwa_proto::{Code, Refusal};
use tsuwa_voice::{RATE_HZ, Resampler};

/// Samples that wait before playing begins: 30 ms, as a frame comes every 20 ms, now and then a little late.
const BEGIN_AT: usize = 1_440;

/// With more waiting than this a frame is left out (the device's clock is slower than ours): 100 ms.
const MOST: usize = 4_800;

/// What systems call a thing held to the ear, and what they call the other.
const EARPIECES: &[&str] = &["earpiece", "headset", "headphone", "earphone", "airpods"];
const LOUDSPEAKERS: &[&str] = &["speaker"];

/// An output by its name, or the system's default.
pub(in crate::media) struct Speaker {
    ring: Arc<Ring>,
    hold: Hold,
}

impl Speaker {
    pub(in crate::media) fn new(name: Option<String>) -> Self {
        let ring = Arc::new(Ring::new());
        Self { hold: Hold::start(Output { ring: Arc::clone(&ring) }, name), ring }
    }
}

impl Playback for Speaker {
    fn open(&mut self) -> Result<(), Refusal> {
        self.hold.ask(Ask::Open);
        Ok(())
    }

    fn write(&mut self, frame: &[i16; FRAME]) {
        if self.ring.len() <= MOST {
            self.ring.write(frame);
        }
    }

    fn close(&mut self) {
        self.hold.ask(Ask::Close);
    }

    fn route(&mut self, wanted: Route) -> Option<Route> {
        self.hold.ask(Ask::Change(match wanted {
            Route::Loudspeaker => LOUDSPEAKERS,
            Route::Earpiece => EARPIECES,
        }));
        None
    }

    fn news(&mut self) -> Option<Result<Route, Refusal>> {
        Some(match self.hold.news()? {
            News::Opened(name) => {
                let name = name.to_lowercase();
                let earpiece = EARPIECES.iter().any(|part| name.contains(part));
                Ok(if earpiece { Route::Earpiece } else { Route::Loudspeaker })
            }
            News::Fault(why) => Err(Refusal::new(Code::SpeakerFailed, why)),
        })
    }
}

struct Output {
    ring: Arc<Ring>,
}

impl Kind for Output {
    fn devices(&self) -> Vec<Device> {
        listed(false)
    }

    fn default(&self) -> Option<Device> {
        host().default_output_device()
    }

    fn build(&self, device: &Device, on_error: OnError) -> Result<Stream, cpal::Error> {
        let supported = device.default_output_config()?;
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

fn stream<T: SizedSample + FromSample<i16>>(
    device: &Device,
    config: StreamConfig,
    ring: Arc<Ring>,
    on_error: OnError,
) -> Result<Stream, cpal::Error> {
    let channels = usize::from(config.channels.max(1));
    let mut resampler = Resampler::new(RATE_HZ, config.sample_rate);
    // Sound at the device's rate that is not played yet.
    let mut ready: Vec<i16> = Vec::new();
    let mut flowing = false;
    let mut frame = [0; FRAME / 2];
    let on_data = move |data: &mut [T], _: &cpal::OutputCallbackInfo| {
        let wanted = data.len() / channels;
        while ready.len() < wanted {
            let enough = if flowing { 1 } else { BEGIN_AT };
            flowing = ring.len() >= enough;
            let count = if flowing { ring.read(&mut frame) } else { 0 };
            if count == 0 {
                break;
            }
            resampler.process(&frame[..count], &mut ready);
        }
        // What is missing is silence.
        for (i, samples) in data.chunks_exact_mut(channels).enumerate() {
            samples.fill(T::from_sample(ready.get(i).copied().unwrap_or_default()));
        }
        ready.drain(..ready.len().min(wanted));
    };
    device.build_output_stream(config, on_data, on_error, None)
}
