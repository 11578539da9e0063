//! The task behind an instance: it carries a [`ClientSession`] over sockets, keeps the call's media, and hands what is to
//! be told to the teller.

mod calls;
mod commands;
mod line;
mod media;
mod replies;
mod resync;

use crate::command::Command;
use crate::desk::Desk;
use crate::event::TrtcCallingEvent;
use crate::media::{AudioSetup, EngineOut, MediaEngine};
use crate::server_url::ServerUrl;
use crate::socket::SocketNews;
use crate::standing::{Asked, Part, Standing};
use crate::teller::{Asker, Change, Told};
use line::Line;
use media::MediaWay;
use replies::Waiting;
use resync::Resync;
use rustls::ClientConfig;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tsuwa_proto::{CallId, Code, DeviceId, Millis, Refusal, RequestId};
use tsuwa_session::ClientSession;

/// How long `destroy` tries to sign out: a round trip over any network that calls can be made on.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What an instance is made with.
pub(crate) struct Setup {
    pub(crate) device: DeviceId,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) audio: Option<AudioSetup>,
    pub(crate) volume_interval: Duration,
    pub(crate) seed: u64,
}

pub(crate) struct Driver {
    device: DeviceId,
    tls: Arc<ClientConfig>,
    seed: u64,
    desk: Arc<Desk>,
    commands: mpsc::UnboundedReceiver<Command>,
    tell: mpsc::Sender<Told>,
    to_tell: VecDeque<Told>,
    began: Instant,
    /// Sign-in, session and its sockets; `None` while signed out.
    line: Option<Line>,
    /// Where this device stands, as the server said.
    standing: Standing,
    waiting: BTreeMap<RequestId, Waiting>,
    /// The requests behind what the app asked for.
    asked: BTreeMap<Asked, RequestId>,
    /// Users in the call and whether they are heard and seen; what is said twice after a new sign-in is told once.
    resync: Resync,
    engine: Option<MediaEngine>,
    engine_out: mpsc::UnboundedReceiver<EngineOut>,
    /// Calls that this device has left where the server may not know it yet.
    hung_up: Vec<Part>,
    /// Requests for a call that the app knows as failed, while the server may have done them, or do them yet.
    doubtful: Vec<RequestId>,
    /// The call that the app said `accept` to, until the microphone is open.
    accepting: Option<Part>,
    /// The call that the microphone is open for.
    microphone_for: Option<CallId>,
    media_way: MediaWay,
    destroying: bool,
}

enum Turn {
    Command(Option<Command>),
    Socket(SocketNews),
    Engine(EngineOut),
    Timer,
    LastWordsOver,
}

impl Driver {
    pub(crate) fn new(
        setup: Setup,
        desk: Arc<Desk>,
        commands: mpsc::UnboundedReceiver<Command>,
        tell: mpsc::Sender<Told>,
    ) -> Self {
        let (out, engine_out) = mpsc::unbounded_channel();
        let engine = setup.audio.map(|audio| MediaEngine::start(audio, out));
        if let Some(engine) = &engine {
            engine.set_volume_interval(u32::try_from(setup.volume_interval.as_millis()).unwrap_or(u32::MAX));
        }
        Self {
            device: setup.device,
            tls: setup.tls,
            seed: setup.seed,
            desk,
            commands,
            tell,
            to_tell: VecDeque::new(),
            began: Instant::now(),
            line: None,
            standing: Standing::default(),
            waiting: BTreeMap::new(),
            asked: BTreeMap::new(),
            resync: Resync::default(),
            engine,
            engine_out,
            hung_up: Vec::new(),
            doubtful: Vec::new(),
            accepting: None,
            microphone_for: None,
            media_way: MediaWay::Stands,
            destroying: false,
        }
    }

    /// Until the instance is destroyed and has said its last words.
    pub(crate) async fn run(mut self) {
        let mut last_words_until = None;
        loop {
            self.drain_session();
            if !self.hand_over().await {
                break;
            }
            if self.destroying {
                if self.line.is_none() {
                    break;
                }
                last_words_until.get_or_insert_with(|| Instant::now() + LAST_WORDS);
            }
            match self.next_turn(last_words_until).await {
                Turn::Command(command) => self.command(command.unwrap_or(Command::Destroy)),
                Turn::Socket(news) => self.socket_news(news),
                Turn::Engine(out) => self.engine_says(out),
                Turn::Timer => {
                    let now = self.now();
                    if let Some(line) = &mut self.line {
                        line.wake_at = None;
                        line.session.timer(now);
                    }
                }
                Turn::LastWordsOver => break,
            }
        }
    }

    async fn next_turn(&mut self, last_words_until: Option<Instant>) -> Turn {
        let wake_at = self.line.as_ref().and_then(|line| line.wake_at);
        let began = self.began;
        let sleep_until = |at: Option<Instant>| async move {
            match at {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let wake = wake_at.map(|at| began + Duration::from_millis(at.0));
        tokio::select! {
            command = self.commands.recv(), if !self.destroying => Turn::Command(command),
            news = Line::news(&mut self.line) => Turn::Socket(news),
            Some(out) = self.engine_out.recv() => Turn::Engine(out),
            () = sleep_until(wake) => Turn::Timer,
            () = sleep_until(last_words_until) => Turn::LastWordsOver,
        }
    }

    /// Milliseconds since this instance was made: the session wants any clock that never goes back.
    fn now(&self) -> Millis {
        Millis(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Gives the teller what there is to tell. A listener that is far behind holds up the connection from here on, so
    /// that what waits stays bounded; what is periodic is left out instead. `false`: there is no teller any more.
    async fn hand_over(&mut self) -> bool {
        while let Some(told) = self.to_tell.pop_front() {
            if self.destroying && matches!(told, Told::Event { .. }) {
                continue;
            }
            let sent = if matches!(&told, Told::Event { event, .. } if event.is_periodic()) {
                !matches!(self.tell.try_send(told), Err(mpsc::error::TrySendError::Closed(_)))
            } else {
                self.tell.send(told).await.is_ok()
            };
            if !sent {
                return false;
            }
        }
        true
    }

    fn tell_silently(&mut self, change: Change) {
        self.to_tell.push_back(Told::Silent(change));
    }

    fn tell_answer(&mut self, change: Change, asker: Asker, callback: impl Into<crate::ActionCallback>) {
        self.to_tell.push_back(Told::Answer(change, asker, callback.into()));
    }

    fn tell_error(&mut self, refusal: Refusal) {
        let event = TrtcCallingEvent::OnError { code: refusal.code.number(), msg: refusal.desc };
        self.to_tell.push_back(Told::Event { call: None, change: Change::Nothing, event });
    }

    /// A request's answer to be dealt with by kind.
    fn request(&mut self, method: &str, params: serde_json::Value, waiting: Waiting) -> Option<RequestId> {
        let now = self.now();
        let Some(line) = self.line.as_mut().filter(|line| line.signed_in) else {
            self.settle_unsent(waiting, Code::NotSignedIn.into());
            return None;
        };
        let id = line.session.request(now, method, params);
        self.waiting.insert(id, waiting);
        Some(id)
    }
}

/// The parts that a new sign-in needs.
struct SignIn {
    server: ServerUrl,
    session: ClientSession,
    asker: Asker,
}
