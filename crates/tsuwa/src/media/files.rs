//! Endpoints without a device: files, a generated voice, memory, nothing.

use super::endpoint::{Capture, FRAME, Playback, Recording};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tsuwa_proto::{Code, Refusal};
use tsuwa_voice::{RATE_HZ, Talker, Wav, wav_header};

/// Largest WAV file that is read, in bytes: 45 minutes of 48 kHz mono.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Frames between two updates of a recording's header: 1 s, so that a killed process leaves a file that plays.
const HEADER_EVERY: u32 = 50;

pub(super) struct Silence;

impl Capture for Silence {
    fn read(&mut self, _: &mut [i16; FRAME]) -> bool {
        false
    }
}

pub(super) struct Discard;

impl Playback for Discard {
    fn write(&mut self, _: &[i16; FRAME]) {}
}

impl Capture for Talker {
    fn read(&mut self, frame: &mut [i16; FRAME]) -> bool {
        self.fill(frame);
        true
    }
}

impl Playback for Recording {
    fn write(&mut self, frame: &[i16; FRAME]) {
        self.push(frame);
    }
}

/// What a thread of its own makes of a file: reading and resampling an hour takes seconds.
type Loading = Arc<OnceLock<Result<Vec<i16>, Refusal>>>;

/// A WAV file as a microphone. It begins anew with each call.
pub(super) struct WavSource {
    path: PathBuf,
    looped: bool,
    sound: Loading,
    told: bool,
    at: usize,
}

impl WavSource {
    pub(super) fn new(path: PathBuf, looped: bool) -> Self {
        Self { sound: load(path.clone()), path, looped, told: false, at: 0 }
    }
}

impl Capture for WavSource {
    fn open(&mut self) -> Result<(), Refusal> {
        self.at = 0;
        self.told = false;
        if matches!(self.sound.get(), Some(Err(_))) {
            // It may be there now.
            self.sound = load(self.path.clone());
        }
        Ok(())
    }

    fn read(&mut self, frame: &mut [i16; FRAME]) -> bool {
        let Some(Ok(sound)) = self.sound.get() else { return false };
        let mut filled = 0;
        while filled < FRAME && self.at < sound.len() {
            let count = (FRAME - filled).min(sound.len() - self.at);
            frame[filled..filled + count].copy_from_slice(&sound[self.at..self.at + count]);
            filled += count;
            self.at += count;
            if self.looped && self.at == sound.len() {
                self.at = 0;
            }
        }
        frame[filled..].fill(0);
        filled > 0
    }

    fn fault(&mut self) -> Option<Refusal> {
        let Some(Err(refusal)) = self.sound.get() else { return None };
        (!std::mem::replace(&mut self.told, true)).then(|| refusal.clone())
    }
}

fn load(path: PathBuf) -> Loading {
    let loading = Loading::default();
    let result = Arc::clone(&loading);
    let spawned = std::thread::Builder::new().name("tsuwa-wav".into()).spawn(move || {
        // Set once, here.
        let _ = result.set(read_wav(&path));
    });
    if let Err(error) = spawned {
        let _ = loading.set(Err(Refusal::new(Code::MicrophoneFailed, error.to_string())));
    }
    loading
}

fn read_wav(path: &Path) -> Result<Vec<i16>, Refusal> {
    let refusal =
        |why: &dyn std::fmt::Display| Refusal::new(Code::MicrophoneFailed, format!("{}: {why}", path.display()));
    let length = std::fs::metadata(path).map_err(|error| refusal(&error))?.len();
    if length > LARGEST {
        return Err(refusal(&"the file is over 256 MiB"));
    }
    let bytes = std::fs::read(path).map_err(|error| refusal(&error))?;
    Ok(Wav::parse(&bytes).map_err(|error| refusal(&error))?.at_48k())
}

/// A recorder into a WAV file. A later call goes on at its end.
pub(super) struct WavSink {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    samples: usize,
    since_header: u32,
}

impl WavSink {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, samples: 0, since_header: 0 }
    }

    /// Writes what is buffered, and how long the sound is.
    fn finish(&mut self) -> std::io::Result<()> {
        self.since_header = 0;
        let Some(file) = &mut self.file else { return Ok(()) };
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&wav_header(RATE_HZ, self.samples))?;
        file.seek(SeekFrom::End(0))?;
        file.flush()
    }
}

impl Playback for WavSink {
    fn open(&mut self) -> Result<(), Refusal> {
        if self.file.is_none() {
            let made = File::create(&self.path).and_then(|file| {
                let mut file = BufWriter::new(file);
                file.write_all(&wav_header(RATE_HZ, 0))?;
                Ok(file)
            });
            let refusal = |error| Refusal::new(Code::SpeakerFailed, format!("{}: {error}", self.path.display()));
            self.file = Some(made.map_err(refusal)?);
        }
        Ok(())
    }

    fn write(&mut self, frame: &[i16; FRAME]) {
        let Some(file) = &mut self.file else { return };
        let mut bytes = [0; 2 * FRAME];
        for (bytes, sample) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(frame) {
            *bytes = sample.to_le_bytes();
        }
        self.samples += FRAME;
        self.since_header += 1;
        let mut result = file.write_all(&bytes);
        if result.is_ok() && self.since_header >= HEADER_EVERY {
            result = self.finish();
        }
        if let Err(error) = result {
            // A full disk: the call goes on, the recording ends here.
            tracing::warn!(%error, "the recording can't be written");
            self.file = None;
        }
    }

    fn close(&mut self) {
        if let Err(error) = self.finish() {
            tracing::warn!(%error, "the recording can't be completed");
        }
    }
}

impl Drop for WavSink {
    fn drop(&mut self) {
        self.close();
    }
}
