//! The server and the telephones.

use super::ledger::{Ledger, brief};
use crate::voice::Mouth;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tsuwa::media::{AudioSetup, CaptureSource, PlaybackSink, Recording};
use tsuwa::sound::{RATE_HZ, wav_header};
use tsuwa::{ActionCallback, CallOptions, TrtcCalling, TrtcCallingEvent, UserId};
use tsuwa_server::{Config, DEFAULT_APP, Server};
use tsuwa_usersig::{Claims, Key, sign};

/// Nothing of the story takes longer than this on loopback, but for what is to take its time.
pub(super) const SOON: Duration = Duration::from_secs(5);
/// How long everybody is watched after an act for what they are not to see. Everything goes over loopback, within
/// milliseconds.
const AFTERWARDS: Duration = Duration::from_millis(150);
/// The story takes less than a minute.
const TICKET_S: u64 = 600;

/// One of the telephones.
pub(super) struct Phone {
    pub(super) name: &'static str,
    pub(super) id: UserId,
    pub(super) calling: TrtcCalling,
    pub(super) said: Recording,
    pub(super) heard: Recording,
    ledger: Ledger,
}

impl Phone {
    fn new(name: &'static str, seed: u64, url: &str, ledger: &Ledger) -> Result<Self, String> {
        let (said, heard) = (Recording::new(), Recording::new());
        let capture = CaptureSource::Custom(Box::new(Mouth::new(seed, said.clone())));
        let audio = AudioSetup { capture, playback: PlaybackSink::Memory(heard.clone()) };
        let calling = TrtcCalling::builder().server(url).audio(audio).build().map_err(|error| error.to_string())?;
        let saw = ledger.clone();
        calling.register_listener(move |event| saw.saw(name, event));
        let id = name.parse().map_err(|error| format!("{name}: {error}"))?;
        Ok(Self { name, id, calling, said, heard, ledger: ledger.clone() })
    }

    /// Says on the page what it does; gives the moment.
    pub(super) fn does(&self, what: &str) -> Instant {
        self.ledger.did(self.name, what);
        Instant::now()
    }

    pub(super) async fn calls(&self, whom: &Self) -> Result<Instant, String> {
        self.calls_with(whom, CallOptions::audio()).await
    }

    pub(super) async fn calls_with(&self, whom: &Self, options: CallOptions) -> Result<Instant, String> {
        let what = format!("call({})", whom.name);
        let at = self.does(&what);
        self.success(&what, self.calling.call_with(whom.name, options).await)?;
        Ok(at)
    }

    pub(super) async fn accepts(&self) -> Result<Instant, String> {
        let at = self.does("accept()");
        self.success("accept()", self.calling.accept().await)?;
        Ok(at)
    }

    pub(super) async fn rejects(&self) -> Result<(), String> {
        self.does("reject()");
        self.success("reject()", self.calling.reject().await)
    }

    pub(super) fn hangs_up(&self) {
        self.does("hangup()");
        self.calling.hangup();
    }

    pub(super) fn mutes(&self, is_mute: bool) {
        self.does(&format!("setMicMute({is_mute})"));
        self.calling.set_mic_mute(is_mute);
    }

    pub(super) fn success(&self, what: &str, callback: ActionCallback) -> Result<(), String> {
        callback.into_result().map_err(|callback| format!("{}'s {what} was answered by {callback}", self.name))
    }

    /// The next events are these, in this order; gives when the first was seen.
    pub(super) async fn sees(&self, wanted: &[TrtcCallingEvent]) -> Result<Instant, String> {
        self.sees_by(Instant::now() + SOON, wanted).await
    }

    pub(super) async fn sees_by(&self, by: Instant, wanted: &[TrtcCallingEvent]) -> Result<Instant, String> {
        let mut first = None;
        for event in wanted {
            let (at, seen) = self.next(by, &brief(event)).await?;
            if !alike(event, &seen) {
                return Err(format!("{} was to see {}, and saw {}", self.name, brief(event), brief(&seen)));
            }
            first.get_or_insert(at);
        }
        Ok(first.unwrap_or_else(Instant::now))
    }

    /// The next events are these, in any order.
    pub(super) async fn sees_in_any_order(&self, wanted: &[TrtcCallingEvent]) -> Result<(), String> {
        let by = Instant::now() + SOON;
        let mut left: Vec<_> = wanted.iter().collect();
        while let Some(event) = left.first() {
            let (_, seen) = self.next(by, &brief(event)).await?;
            let Some(place) = left.iter().position(|each| alike(each, &seen)) else {
                return Err(format!("{} was to see {}, and saw {}", self.name, brief(event), brief(&seen)));
            };
            left.remove(place);
        }
        Ok(())
    }

    async fn next(&self, by: Instant, wanted: &str) -> Result<(Instant, TrtcCallingEvent), String> {
        let missing = || format!("{} was to see {wanted}, and saw nothing", self.name);
        self.ledger.next(self.name, by).await.ok_or_else(missing)
    }
}

/// The same event; how long a phone is to ring on is only known to the server.
fn alike(wanted: &TrtcCallingEvent, seen: &TrtcCallingEvent) -> bool {
    let mut seen = seen.clone();
    if let (TrtcCallingEvent::OnInvited { rings_for, .. }, TrtcCallingEvent::OnInvited { rings_for: wanted_for, .. }) =
        (&mut seen, wanted)
    {
        *rings_for = *wanted_for;
    }
    *wanted == seen
}

/// Everybody who plays.
pub(super) struct Cast {
    pub(super) ledger: Ledger,
    pub(super) alice: Phone,
    pub(super) bob: Phone,
    pub(super) carol: Phone,
    server: Server,
    folder: PathBuf,
}

impl Cast {
    /// Starts a server on loopback, and signs the telephones in.
    pub(super) async fn gather() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("tsuwa-demo-{}", std::process::id()));
        let config = Config::local(&folder).map_err(|error| error.to_string())?;
        let secret = config.apps.first().map(|app| app.secret.clone()).ok_or("the server has no app")?;
        let key = Key::new(secret.expose()).map_err(|error| error.to_string())?;
        let server = Server::start(config).await.map_err(|error| error.to_string())?;
        let ledger = Ledger::new();
        let phone = |name, seed| Phone::new(name, seed, &server.rpc_url(), &ledger);
        // Seeds of talkers whose voices differ; any would do.
        let (alice, bob, carol) = (phone("alice", 1)?, phone("bob", 2)?, phone("carol", 3)?);
        for phone in [&alice, &bob, &carol] {
            let answer = phone.calling.login(DEFAULT_APP.0, phone.name, &ticket(&key, phone.name)?).await;
            phone.success("login", answer)?;
        }
        Ok(Self { ledger, alice, bob, carol, server, folder })
    }

    pub(super) fn phones(&self) -> [&Phone; 3] {
        [&self.alice, &self.bob, &self.carol]
    }

    pub(super) fn address(&self) -> String {
        self.server.http_url()
    }

    /// Nobody sees anything that is not in the story.
    pub(super) async fn nothing_more(&self) -> Result<(), String> {
        tokio::time::sleep(AFTERWARDS).await;
        let surplus = self.ledger.surplus();
        if surplus.is_empty() { Ok(()) } else { Err(surplus.join("; ")) }
    }

    /// Writes what each said and heard.
    pub(super) fn keep(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        for phone in self.phones() {
            for (what, sound) in [("said", &phone.said), ("heard", &phone.heard)] {
                let samples = sound.samples();
                let mut file = wav_header(RATE_HZ, samples.len()).to_vec();
                file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
                std::fs::write(folder.join(format!("{}-{what}.wav", phone.name)), file)?;
            }
        }
        Ok(())
    }

    /// Everybody signs out, and the server ends.
    pub(super) async fn leave(self) -> Result<(), String> {
        let mut wrong = Vec::new();
        for phone in self.phones() {
            wrong.extend(phone.success("logout", phone.calling.logout().await).err());
            phone.calling.destroy();
        }
        if !self.server.join(tokio::time::sleep(SOON)).await {
            wrong.push("a part of the server had failed".to_owned());
        }
        // In the system's own folder for such things; what can't be removed is removed there some day.
        let _ = std::fs::remove_dir_all(&self.folder);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }
}

fn ticket(key: &Key, user: &str) -> Result<String, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    let claims = Claims { app: DEFAULT_APP.0, user: user.to_owned(), issued_at_s: now.as_secs(), lifetime_s: TICKET_S };
    sign(key, &claims).map_err(|error| error.to_string())
}
