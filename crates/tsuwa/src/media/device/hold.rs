//! The thread that opens and holds a device.

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{Device, ErrorKind, Stream};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a device that was not there is looked for again: somebody plugs it back in.
const AGAIN: Duration = Duration::from_secs(3);

/// Most news kept for the engine.
const NEWS: usize = 8;

/// What the engine asks of the thread.
pub(super) enum Ask {
    Open,
    Pause(bool),
    /// Another device, by parts of its name in order of preference; none fits: the present one stays.
    Change(&'static [&'static str]),
    Close,
}

/// What the thread tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum News {
    /// A device is open; its name.
    Opened(String),
    /// None could be opened, or the one in use is gone.
    Fault(String),
}

/// What makes a stream of a device, for a microphone and a loudspeaker alike.
pub(super) trait Kind: Send + 'static {
    /// The devices of this kind.
    fn devices(&self) -> Vec<Device>;
    /// The system's default.
    fn default(&self) -> Option<Device>;
    /// Builds the stream; `on_error` is told of faults.
    fn build(&self, device: &Device, on_error: OnError) -> Result<Stream, cpal::Error>;
}

/// Handed to the system, to be called when a stream fails.
pub(super) type OnError = Box<dyn FnMut(cpal::Error) + Send>;

#[derive(Clone, Default)]
struct Board(Arc<Mutex<VecDeque<News>>>);

impl Board {
    fn post(&self, news: News) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < NEWS && kept.back() != Some(&news) {
            kept.push_back(news);
        }
    }

    fn take(&self) -> Option<News> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// The engine's handle on the thread; the thread ends with it.
pub(super) struct Hold {
    asks: Sender<Ask>,
    board: Board,
}

impl Hold {
    /// Starts the thread for a device whose name has `name` in it, or the system's default.
    pub(super) fn start(kind: impl Kind, name: Option<String>) -> Self {
        let (asks, inbox) = channel();
        let board = Board::default();
        let keeper = Keeper {
            kind,
            name,
            board: board.clone(),
            gone: Arc::default(),
            wanted: false,
            paused: false,
            stream: None,
        };
        let spawned = std::thread::Builder::new().name("tsuwa-device".into()).spawn(move || keeper.run(&inbox));
        if let Err(error) = spawned {
            board.post(News::Fault(error.to_string()));
        }
        Self { asks, board }
    }

    pub(super) fn ask(&self, ask: Ask) {
        // Without the thread the board has told why.
        let _ = self.asks.send(ask);
    }

    pub(super) fn news(&self) -> Option<News> {
        self.board.take()
    }
}

struct Keeper<K> {
    kind: K,
    name: Option<String>,
    board: Board,
    /// Set by the system's callback when the stream has failed.
    gone: Arc<Mutex<bool>>,
    wanted: bool,
    paused: bool,
    stream: Option<Stream>,
}

impl<K: Kind> Keeper<K> {
    fn run(mut self, inbox: &Receiver<Ask>) {
        loop {
            match inbox.recv_timeout(AGAIN) {
                Ok(Ask::Open) => {
                    self.wanted = true;
                    self.open(true);
                }
                Ok(Ask::Pause(paused)) => {
                    self.paused = paused;
                    self.play();
                }
                Ok(Ask::Change(names)) => self.change(names),
                Ok(Ask::Close) => {
                    self.wanted = false;
                    self.stream = None;
                }
                Err(RecvTimeoutError::Timeout) => {
                    if std::mem::take(&mut *self.gone.lock().unwrap_or_else(PoisonError::into_inner)) {
                        self.stream = None;
                    }
                    if self.wanted && self.stream.is_none() {
                        self.open(false);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Opens the device; `tell`: a fault is told (the first time, not at every further try).
    fn open(&mut self, tell: bool) {
        if self.stream.is_some() {
            return;
        }
        let device = match &self.name {
            _ if !system_has_sound() => None,
            Some(name) => self.find(name),
            None => self.kind.default(),
        };
        let opened = match device {
            Some(device) => self.build(&device),
            None => Err(match &self.name {
                Some(name) => format!("there is no device with \"{name}\" in its name"),
                None => "there is no such device on this system".into(),
            }),
        };
        if let Err(why) = opened
            && tell
        {
            self.board.post(News::Fault(why));
        }
    }

    fn build(&mut self, device: &Device) -> Result<(), String> {
        let (board, gone) = (self.board.clone(), Arc::clone(&self.gone));
        let on_error = Box::new(move |error: cpal::Error| match error.kind() {
            // The system has dealt with it.
            ErrorKind::DeviceChanged | ErrorKind::Xrun | ErrorKind::RealtimeDenied => {
                tracing::debug!(%error, "audio device");
            }
            _ => {
                board.post(News::Fault(error.to_string()));
                *gone.lock().unwrap_or_else(PoisonError::into_inner) = true;
            }
        });
        let stream = self.kind.build(device, on_error).map_err(|error| error.to_string())?;
        self.stream = Some(stream);
        self.play();
        self.board.post(News::Opened(name_of(device)));
        Ok(())
    }

    fn play(&mut self) {
        let Some(stream) = &self.stream else { return };
        let done = if self.paused { stream.pause() } else { stream.play() };
        if let Err(error) = done {
            // Not every system can pause; the engine does not read what is captured meanwhile.
            tracing::debug!(%error, "audio device");
        }
    }

    fn change(&mut self, names: &[&str]) {
        match names.iter().find_map(|name| self.find(name)) {
            Some(device) => {
                self.name = Some(name_of(&device));
                self.stream = None;
                if self.wanted {
                    self.open(true);
                } else {
                    self.board.post(News::Opened(name_of(&device)));
                }
            }
            None => {
                let present = match &self.name {
                    Some(name) => name.clone(),
                    None if !system_has_sound() => String::new(),
                    None => self.kind.default().map_or_else(String::new, |device| name_of(&device)),
                };
                self.board.post(News::Opened(present));
            }
        }
    }

    fn find(&self, name: &str) -> Option<Device> {
        let name = name.to_lowercase();
        self.kind.devices().into_iter().find(|device| name_of(device).to_lowercase().contains(&name))
    }
}

fn name_of(device: &Device) -> String {
    device.description().map_or_else(|_| String::new(), |description| description.name().to_owned())
}

/// Whether there is anything to look for devices in. ALSA's library writes dozens of lines to standard error when it is
/// asked on a machine without a sound card, a sound server or a configuration of its own.
fn system_has_sound() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let cards = std::fs::read_dir("/dev/snd").is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("pcm")))
    });
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let server = std::env::var_os("XDG_RUNTIME_DIR")
        .map(std::path::PathBuf::from)
        .is_some_and(|folder| ["pulse/native", "pipewire-0"].iter().any(|socket| folder.join(socket).exists()));
    let configured = || {
        let own = std::env::var_os("HOME").map(|home| std::path::Path::new(&home).join(".asoundrc"));
        std::path::Path::new("/etc/asound.conf").exists() || own.is_some_and(|file| file.exists())
    };
    cards || server || set("PULSE_SERVER") || set("PIPEWIRE_REMOTE") || configured()
}

/// The system's audio.
pub(super) fn host() -> cpal::Host {
    cpal::default_host()
}

/// All devices of one direction.
pub(super) fn listed(input: bool) -> Vec<Device> {
    if !system_has_sound() {
        return Vec::new();
    }
    let host = host();
    if input {
        host.input_devices().map(Iterator::collect).unwrap_or_default()
    } else {
        host.output_devices().map(Iterator::collect).unwrap_or_default()
    }
}
