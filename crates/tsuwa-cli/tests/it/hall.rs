//! A server that is killed and started again on the same folder and port, and telephones within the test, by the SDK.

use crate::house::Line;
use crate::stage::{Folder, tsuwa};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::time::{sleep, timeout};
use tsuwa::media::{AudioSetup, Capture, CaptureSource, FRAME, PlaybackSink, Recording};
use tsuwa::sound::{RATE_HZ, Talker, compare, loudness};
use tsuwa::{CallType, Quality, TrtcCalling, TrtcCallingEvent};
use tsuwa_server::{DEFAULT_APP, DataFolder};
use tsuwa_usersig::{Claims, Key, sign};

/// A story of a killed server is over by then, with everything that it asserts, however busy the machine is.
const STORY: Duration = Duration::from_secs(45);

/// What a listener hears is what was said: Opus keeps the wave of a voice to 0.9, and two voices have 0.3 in common.
const ALIKE: f32 = 0.7;

/// A tenth of a second: what is shorter may be a packet's loss.
const TENTH: usize = RATE_HZ as usize / 10;

/// The story, which takes no longer than it may.
pub(crate) async fn in_time(story: impl Future<Output = ()>) {
    timeout(STORY, story).await.expect("the story is over in time");
}

/// `tsuwa serve` on a port of its own.
pub(crate) struct Hall {
    server: Option<Child>,
    port: u16,
    flags: Vec<String>,
    pub(crate) folder: Folder,
}

impl Hall {
    pub(crate) fn open() -> Self {
        Self::open_with("")
    }

    /// With lines of the configuration that belong to the app.
    pub(crate) fn open_with(app: &str) -> Self {
        let folder = Folder::new();
        let config = folder.join("tsuwa.toml");
        fs::write(&config, format!("[[apps]]\nid = {}\n{app}\n", DEFAULT_APP.0)).unwrap();
        let flags = vec!["--config".to_owned(), config.to_str().unwrap().to_owned()];
        let mut hall = Self { server: None, port: free_port(), flags, folder };
        hall.starts();
        hall
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// SIGKILL: from one moment to the next.
    pub(crate) fn is_killed(&mut self) {
        let mut server = self.server.take().expect("it runs");
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Returns when it listens.
    pub(crate) fn starts(&mut self) {
        assert!(self.server.is_none(), "it runs already");
        let mut server = tsuwa()
            .args(["serve", "--media-ip", "127.0.0.1", "--listen", &format!("127.0.0.1:{}", self.port), "--data"])
            .arg(self.folder.join("data"))
            .args(&self.flags)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the server says where it is").unwrap();
        assert!(first.contains(&self.url()), "{first}");
        // Read on, so that the server never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        self.server = Some(server);
    }

    pub(crate) fn is_killed_and_starts(&mut self) {
        self.is_killed();
        self.starts();
    }

    pub(crate) fn ticket(&self, user: &str) -> String {
        let secret = DataFolder::at(&self.folder.join("data")).app_secret(DEFAULT_APP).unwrap();
        let issued_at_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = Claims { app: DEFAULT_APP.0, user: user.to_owned(), issued_at_s, lifetime_s: 600 };
        sign(&Key::new(secret.expose()).unwrap(), &claims).unwrap()
    }

    /// A phone with a voice and an ear that is signed in.
    pub(crate) async fn phone(&self, user: &str) -> Phone {
        self.phone_at(&self.url(), user).await
    }

    /// The same by another way to the server.
    pub(crate) async fn phone_at(&self, url: &str, user: &str) -> Phone {
        let (said, heard) = (Recording::new(), Recording::new());
        // Any voice of one's own: the number is the letters'.
        let seed = user.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let capture = CaptureSource::Custom(Box::new(Mouth { talker: Talker::new(seed), said: said.clone() }));
        let audio = AudioSetup { capture, playback: PlaybackSink::Memory(heard.clone()) };
        let calling = TrtcCalling::builder().server(url).audio(audio).build().unwrap();
        let line = Line::signed_in(calling, user, &self.ticket(user)).await;
        Phone { line, said, heard }
    }

    /// The records of the calls that have ended, once there are so many.
    pub(crate) async fn records(&self, wanted: usize) -> Vec<Value> {
        loop {
            let records = self.get("records")["records"].as_array().expect("a list of records").clone();
            if records.len() >= wanted {
                assert_eq!(records.len(), wanted, "{records:?}");
                return records;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the administrator's HTTP says.
    pub(crate) fn get(&self, what: &str) -> Value {
        let token = DataFolder::at(&self.folder.join("data")).admin_token(DEFAULT_APP).unwrap();
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let (app, token) = (DEFAULT_APP.0, token.expose());
        write!(
            socket,
            "GET /v1/apps/{app}/{what} HTTP/1.1\r\nHost: tsuwa\r\nAuthorization: Bearer {token}\r\n\
             Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        serde_json::from_str(body).unwrap()
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // It may have ended by itself.
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// A port that nobody has, on TCP and UDP, and that nobody is given: below those that systems choose from (from 32768 on
/// with Linux, from 49152 with others). So it is free still when the server is started, or started again, and a phone
/// that knocks at it meanwhile can't be given it as its own and reach itself.
pub(crate) fn free_port() -> u16 {
    const FIRST: u16 = 18_000;
    const PORTS: u16 = 12_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes begin at places of their own.
    let begin = (std::process::id().wrapping_mul(997) % u32::from(PORTS)) as u16;
    loop {
        let port = FIRST + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS;
        let at = ("127.0.0.1", port);
        if TcpListener::bind(at).is_ok() && UdpSocket::bind(at).is_ok() {
            return port;
        }
    }
}

/// Talks without a pause for breath, so that silence is a gap; and keeps what it said.
struct Mouth {
    talker: Talker,
    said: Recording,
}

impl Capture for Mouth {
    fn read(&mut self, frame: &mut [i16; FRAME]) -> bool {
        // The longest pause of a talker is far shorter than this second.
        for _ in 0..50 {
            self.talker.fill(frame);
            if loudness(frame).audible() {
                break;
            }
        }
        self.said.push(frame);
        true
    }
}

/// A telephone, what was said into it and what came out of it.
pub(crate) struct Phone {
    line: Line,
    said: Recording,
    heard: Recording,
}

impl std::ops::Deref for Phone {
    type Target = Line;
    fn deref(&self) -> &Line {
        &self.line
    }
}

impl std::ops::DerefMut for Phone {
    fn deref_mut(&mut self) -> &mut Line {
        &mut self.line
    }
}

impl Phone {
    /// Calls, which succeeds.
    pub(crate) async fn calls(&self, user: &str) {
        assert_eq!(self.calling.call(user, CallType::Audio).await.code, 0);
    }

    pub(crate) async fn accepts(&self) {
        assert_eq!(self.calling.accept().await.code, 0);
    }

    /// Everybody whose sound it is told of came in and is heard, in whatever order.
    pub(crate) async fn is_joined_by(&mut self, users: &[&str]) {
        let (mut entered, mut available) = (users.to_vec(), users.to_vec());
        while !(entered.is_empty() && available.is_empty()) {
            match self.next().await {
                TrtcCallingEvent::OnUserEnter { user_id } => entered.retain(|user| *user != user_id.as_str()),
                TrtcCallingEvent::OnUserAudioAvailable { user_id, available: true } => {
                    assert!(!entered.contains(&user_id.as_str()), "{user_id:?} is heard before it came in");
                    available.retain(|user| *user != user_id.as_str());
                }
                event => panic!("{event:?}"),
            }
        }
    }

    /// Waits until it is told that somebody's network is down.
    pub(crate) async fn is_told_that_it_lost(&mut self, user: &str) {
        loop {
            match self.next_of_all().await {
                TrtcCallingEvent::OnNetworkQuality { user_id, quality: Quality::Down } if user_id.as_str() == user => {
                    return;
                }
                event => assert!(event.is_periodic(), "{event:?}"),
            }
        }
    }

    /// From now on it hears what the other says: it sounds, and is the same.
    pub(crate) async fn hears(&self, other: &Self) {
        let mark = self.heard.samples().len();
        while !self.sounds_since(mark, 5) {
            sleep(Duration::from_millis(20)).await;
        }
        loop {
            let (said, heard) = (other.said.samples().len(), self.heard.samples().len());
            sleep(Duration::from_millis(1_200)).await;
            let (all_said, all_heard) = (other.said.samples(), self.heard.samples());
            let found = compare(&all_said[said..], &all_heard[heard..], RATE_HZ as usize);
            // A machine that is busy with something else for a moment spoils a piece; the story's deadline bounds it.
            if found.is_some_and(|found| found.correlation >= ALIKE) {
                return;
            }
        }
    }

    /// Whether there were so many tenths of a second with sound in them since.
    fn sounds_since(&self, mark: usize, tenths: usize) -> bool {
        let heard = self.heard.samples();
        let since = heard.get(mark..).unwrap_or_default();
        since.chunks_exact(TENTH).filter(|tenth| loudness(tenth).audible()).count() >= tenths
    }
}

/// They talk: each was told of the other, and hears it.
pub(crate) async fn talk(caller: &mut Phone, callee: &mut Phone, names: [&str; 2]) {
    caller.calls(names[1]).await;
    callee.sees(&["onInvited"]).await;
    callee.accepts().await;
    caller.is_joined_by(&[names[1]]).await;
    callee.is_joined_by(&[names[0]]).await;
    tokio::join!(caller.hears(callee), callee.hears(caller));
}

/// How long ago that was, in milliseconds.
pub(crate) fn ms_since(moment: Instant) -> u64 {
    u64::try_from(moment.elapsed().as_millis()).unwrap()
}
