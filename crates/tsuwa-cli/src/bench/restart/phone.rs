//! A telephone that talks without a pause, and notices when it hears again.

use crate::bench::stand::{APP, Stand};
use crate::voice::Mouth;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tsuwa::media::{AudioSetup, CaptureSource, FRAME, Playback, PlaybackSink, Recording};
use tsuwa::sound::{RATE_HZ, compare, loudness};
use tsuwa::{ActionCallback, EventStream, TrtcCalling, TrtcCallingEvent};

/// Everything goes over loopback.
const SOON: Duration = Duration::from_secs(10);
/// Frames of silence, 100 ms, are a gap: nobody here pauses for breath, and concealment bridges what is shorter.
const GAP_FRAMES: u32 = 5;
/// What is compared.
const PIECE: Duration = Duration::from_millis(1_200);
/// Opus keeps the wave of a voice to 0.9; two voices have 0.3 in common.
const ALIKE: f32 = 0.7;
/// A machine that is busy with something else for a moment spoils a piece, and not five.
const TRIES: u32 = 5;

pub(super) struct Phone {
    name: &'static str,
    pub(super) calling: TrtcCalling,
    events: EventStream,
    said: Recording,
    ear: Ear,
}

impl Phone {
    pub(super) async fn sign_in(stand: &Stand, name: &'static str, seed: u64) -> Result<Self, String> {
        let (said, ear) = (Recording::new(), Ear::default());
        let capture = CaptureSource::Custom(Box::new(Mouth::new(seed, said.clone())));
        let audio = AudioSetup { capture, playback: PlaybackSink::Custom(Box::new(ear.clone())) };
        let calling = TrtcCalling::builder().server(stand.url()).audio(audio).build().map_err(|e| e.to_string())?;
        let events = calling.events();
        let phone = Self { name, calling, events, said, ear };
        phone.succeeds("login", phone.calling.login(APP, name, &stand.ticket(name)?).await)?;
        Ok(phone)
    }

    pub(super) fn succeeds(&self, what: &str, answer: ActionCallback) -> Result<(), String> {
        answer.into_result().map_err(|refused| format!("{}'s {what}: {refused}", self.name))
    }

    /// The next event is this one.
    pub(super) async fn sees(&mut self, name: &str) -> Result<(), String> {
        let event = timeout(SOON, next(&mut self.events)).await;
        match event.ok().flatten() {
            Some(event) if event.name() == name => Ok(()),
            other => Err(format!("{} was to see {name}, and saw {other:?}", self.name)),
        }
    }

    /// No event has come.
    pub(super) fn saw_nothing(&mut self) -> Result<(), String> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(next(&mut self.events)).poll(&mut context) {
            std::task::Poll::Ready(event) => Err(format!("{} saw {event:?}", self.name)),
            std::task::Poll::Pending => Ok(()),
        }
    }

    pub(super) fn listen_for_the_return(&self) {
        *self.ear.watch() = Watch::Sounds { silent: 0 };
    }

    /// When it was heard again after a gap.
    pub(super) fn heard_again(&self) -> Option<Instant> {
        match *self.ear.watch() {
            Watch::Back(at) => Some(at),
            _ => None,
        }
    }

    /// What it has of the server that was started then, for people.
    pub(super) fn stands(&self, started: Instant) -> String {
        let since = |moment: Option<Instant>| match moment.map(|moment| moment.checked_duration_since(started)) {
            Some(Some(after)) => format!("{} ms after the start", after.as_millis()),
            Some(None) => "of before".to_owned(),
            None => "none".to_owned(),
        };
        let connected = self.calling.connected();
        let [session, media, heard] = [connected.session, connected.media, self.heard_again()].map(since);
        format!("{}: session {session}, media {media}, sound {heard} ({:?})", self.name, *self.ear.watch())
    }

    /// How alike what the other hears is to what this one says.
    pub(super) async fn is_heard_by(&self, other: &Self) -> Result<f32, String> {
        let mut best = 0.0_f32;
        for _ in 0..TRIES {
            self.said.clear();
            other.ear.heard.clear();
            tokio::time::sleep(PIECE).await;
            let found = compare(&self.said.samples(), &other.ear.heard.samples(), RATE_HZ as usize);
            best = found.map_or(best, |found| best.max(found.correlation));
            if best >= ALIKE {
                return Ok(best);
            }
        }
        Err(format!("what {} hears is not what {} says: correlation {best:.2}", other.name, self.name))
    }
}

async fn next(events: &mut EventStream) -> Option<TrtcCallingEvent> {
    loop {
        let event = events.next().await?;
        if !event.is_periodic() {
            return Some(event);
        }
    }
}

/// What comes out of a phone.
#[derive(Clone, Default)]
struct Ear {
    heard: Recording,
    watch: Arc<Mutex<Watch>>,
}

#[derive(Clone, Copy, Debug, Default)]
enum Watch {
    #[default]
    Nothing,
    /// So many frames have been silent up to now.
    Sounds {
        silent: u32,
    },
    Silent,
    Back(Instant),
}

impl Ear {
    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Playback for Ear {
    fn write(&mut self, frame: &[i16; FRAME]) {
        self.heard.push(frame);
        let audible = loudness(frame).audible();
        let mut watch = self.watch();
        *watch = match *watch {
            Watch::Sounds { silent } if !audible && silent + 1 >= GAP_FRAMES => Watch::Silent,
            Watch::Sounds { silent } => Watch::Sounds { silent: if audible { 0 } else { silent + 1 } },
            Watch::Silent if audible => Watch::Back(Instant::now()),
            as_it_was => as_it_was,
        };
    }
}
