//! The way in: put in order, decode, mix, play.

use super::device;
use super::endpoint::{FRAME, Playback, PlaybackSink, Route};
use super::files::{Discard, WavSink};
use std::collections::BTreeMap;
use std::time::Instant;
use str0m::rtp::{RtpPacket, Ssrc};
use tsuwa_proto::{Refusal, UserId, Volume, limits};
use tsuwa_voice::{Heard, LevelMeter, Listener, Mixer, Packet};

struct Ear {
    listener: Listener,
    ssrc: Ssrc,
    meter: LevelMeter,
    heard: bool,
}

pub(super) struct Ears {
    playback: Box<dyn Playback>,
    users: BTreeMap<UserId, Ear>,
    mixer: Mixer,
    total: LevelMeter,
}

impl Ears {
    pub(super) fn new(sink: PlaybackSink) -> Self {
        let playback: Box<dyn Playback> = match sink {
            PlaybackSink::Discard => Box::new(Discard),
            PlaybackSink::Wav { path } => Box::new(WavSink::new(path)),
            PlaybackSink::Memory(recording) => Box::new(recording),
            PlaybackSink::Device { name } => Box::new(device::Speaker::new(name)),
            PlaybackSink::Custom(playback) => playback,
        };
        Self { playback, users: BTreeMap::new(), mixer: Mixer::default(), total: LevelMeter::default() }
    }

    pub(super) fn open(&mut self) -> Result<(), Refusal> {
        self.playback.open()
    }

    pub(super) fn close(&mut self) {
        self.users.clear();
        self.total = LevelMeter::default();
        self.playback.close();
    }

    pub(super) fn route(&mut self, hands_free: bool) -> Option<Route> {
        self.playback.route(if hands_free { Route::Loudspeaker } else { Route::Earpiece })
    }

    pub(super) fn news(&mut self) -> Option<Result<Route, Refusal>> {
        self.playback.news()
    }

    /// Takes a packet of somebody's sound.
    pub(super) fn take(&mut self, now: Instant, user: UserId, packet: &RtpPacket, red: bool) {
        let ssrc = packet.header.ssrc;
        if !self.users.contains_key(&user) {
            // Those who came and went are kept until the call ends.
            let room = self.users.len() < 2 * limits::PEOPLE;
            let Some(listener) = Listener::new().ok().filter(|_| room) else { return };
            self.users.insert(user.clone(), Ear { listener, ssrc, meter: LevelMeter::default(), heard: false });
        }
        let Some(ear) = self.users.get_mut(&user) else { return };
        if ear.ssrc != ssrc {
            // Another device, or another connection: its numbers have nothing to do with those before.
            let Ok(listener) = Listener::new() else { return };
            (ear.listener, ear.ssrc) = (listener, ssrc);
        }
        let header = &packet.header;
        let packet = Packet { seq: header.sequence_number, timestamp: header.timestamp, payload: &packet.payload };
        if red {
            ear.listener.push_red(now, packet);
        } else {
            ear.listener.push(now, packet);
        }
    }

    /// Plays the next 20 ms; gives who was heard for the first time, and when the sound had come in.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<(UserId, Instant)> {
        let mut first = Vec::new();
        for (user, ear) in &mut self.users {
            match ear.listener.pull(now) {
                Heard::Voice { frame, arrived } => {
                    let level = ear.meter.add(&frame);
                    self.mixer.add(&frame);
                    if !ear.heard && level.audible() {
                        ear.heard = true;
                        first.push((user.clone(), arrived));
                    }
                }
                Heard::MadeUp(frame) => {
                    ear.meter.add(&frame);
                    self.mixer.add(&frame);
                }
                Heard::Nothing => {}
            }
        }
        let mixed: [i16; FRAME] = self.mixer.take();
        self.total.add(&mixed);
        self.playback.write(&mixed);
        first
    }

    /// The volumes of `present` and of all together since the last time.
    pub(super) fn volumes(&mut self, present: &[UserId]) -> (Vec<(Option<UserId>, Volume)>, Volume) {
        let users = present.iter().map(|user| {
            let volume = self.users.get_mut(user).map_or_else(Volume::default, |ear| ear.meter.take().volume());
            (Some(user.clone()), volume)
        });
        (users.collect(), self.total.take().volume())
    }
}
