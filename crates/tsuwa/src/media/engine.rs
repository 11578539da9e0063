//! The handle by which the rest of the SDK drives the engine.

use super::endpoint::{CaptureSource, PlaybackSink, Route};
use super::load::Load;
use super::run;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tsuwa_proto::{CallId, Refusal, Stream, UserId, Volume};

/// The engine's two ends.
pub struct AudioSetup {
    /// What is sent.
    pub capture: CaptureSource,
    /// Where it is played.
    pub playback: PlaybackSink,
}

impl AudioSetup {
    /// Sends silence and plays nothing.
    pub fn silent() -> Self {
        Self { capture: CaptureSource::Silence, playback: PlaybackSink::Discard }
    }

    /// One of the many parties of a load test: no sound is made or played, packets are counted.
    pub fn load(load: &Load) -> Self {
        Self { capture: CaptureSource::Load(load.clone()), playback: PlaybackSink::Discard }
    }

    /// The system's default microphone and loudspeaker.
    pub fn devices() -> Self {
        Self { capture: CaptureSource::Device { name: None }, playback: PlaybackSink::Device { name: None } }
    }
}

/// What the engine tells.
#[derive(Clone, PartialEq, Debug)]
pub enum EngineOut {
    /// The answer to an offer, to be sent as `mediaAnswer`.
    Answer {
        /// The call.
        call: CallId,
        /// The offer that it answers.
        offer_id: u64,
        /// The answer.
        sdp: String,
    },
    /// The transport is up: ICE and DTLS are done.
    Up {
        /// The call.
        call: CallId,
    },
    /// The transport is lost: ask the server for a new offer (`mediaRestart`).
    Lost {
        /// The call.
        call: CallId,
    },
    /// How loud everybody is, at the volume interval, while the microphone is open.
    Volumes {
        /// Everybody in the call, `None` for the local user; 0 who is silent.
        users: Vec<(Option<UserId>, Volume)>,
        /// Of the others together.
        total: Volume,
    },
    /// The first audible sound of a user in this call was handed to the playback.
    FirstSound {
        /// Whose.
        user: UserId,
        /// When it was handed over.
        at: Instant,
        /// When its packet came in.
        arrived: Instant,
    },
    /// The way that the sound is played now, after [`MediaEngine::set_hands_free`].
    Route(Route),
    /// A fault that the engine can't mend: a device that can't be opened, an offer that can't be answered.
    /// The call goes on.
    Error(Refusal),
}

/// What is asked of the engine's thread.
pub(super) enum Command {
    Offer { call: CallId, offer_id: u64, fresh: bool, sdp: String, streams: Vec<Stream> },
    OpenMicrophone,
    Mute(bool),
    HandsFree(bool),
    VolumeInterval(Duration),
    EndCall,
}

/// The media engine of one client. It lives over calls; dropping it ends its thread and closes its endpoints.
pub struct MediaEngine {
    commands: mpsc::UnboundedSender<Command>,
}

impl MediaEngine {
    /// Starts the engine's thread. Nothing is captured or sent before [`Self::open_microphone`].
    pub fn start(audio: AudioSetup, out: mpsc::UnboundedSender<EngineOut>) -> Self {
        let (commands, inbox) = mpsc::unbounded_channel();
        match audio.capture {
            CaptureSource::Load(load) => load.join(inbox, out),
            _ => run::spawn(audio, inbox, out),
        }
        Self { commands }
    }

    /// Takes the server's offer; [`EngineOut::Answer`] comes out, or [`EngineOut::Error`].
    ///
    /// `fresh`: for a transport of its own, which replaces the present one when it is up; else the offer goes
    /// on with the present one. `streams` says which m-line is whose.
    pub fn offer(&self, call: CallId, offer_id: u64, fresh: bool, sdp: String, streams: Vec<Stream>) {
        self.send(Command::Offer { call, offer_id, fresh, sdp, streams });
    }

    /// Opens both endpoints: at `call` for the caller, at `accept` for the callee. Sound is sent as soon as the
    /// transport is up; the server lets it through once the call stands.
    pub fn open_microphone(&self) {
        self.send(Command::OpenMicrophone);
    }

    /// Stops or resumes capturing and sending. Holds over calls.
    pub fn set_mic_mute(&self, mute: bool) {
        self.send(Command::Mute(mute));
    }

    /// Plays by the loudspeaker (`true`) or by the earpiece (`false`), where the output can;
    /// [`EngineOut::Route`] or [`EngineOut::Error`] says what came of it.
    pub fn set_hands_free(&self, on: bool) {
        self.send(Command::HandsFree(on));
    }

    /// How often [`EngineOut::Volumes`] comes, in milliseconds: 500 unless set, 100 at the least; 0 switches it off.
    pub fn set_volume_interval(&self, interval_ms: u32) {
        self.send(Command::VolumeInterval(Duration::from_millis(u64::from(interval_ms))));
    }

    /// Ends the call: transports and endpoints are closed, recordings complete.
    pub fn end_call(&self) {
        self.send(Command::EndCall);
    }

    fn send(&self, command: Command) {
        // The thread ends only after this handle is gone, or if it panicked: then there is nobody to tell.
        let _ = self.commands.send(command);
    }
}
