//! A receiver of webhooks: a real HTTP server, which judges what comes by code of its own.

use crate::harness::{House, PATIENCE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tsuwa_server::{Config, WebhookConfig, WebhookSecret};

/// What a receiver does with what comes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mood {
    /// Takes it.
    Takes,
    /// Takes it if it is a call's second or later one.
    TakesAllButFirsts,
    /// Answers with this status and these header lines.
    Answers(u16, String),
    /// Hangs up on whoever connects, as if nobody were there.
    HangsUp,
    /// Takes it, and never comes to the end of its answer.
    Drones,
    /// Reads, and never answers.
    Sleeps,
}

/// A webhook that was read whole, whatever was answered.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) path: String,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) text: String,
    /// The text, read as JSON.
    pub(crate) body: Value,
    /// When it had come, before it was answered.
    pub(crate) at: Instant,
}

impl Got {
    pub(crate) fn kind(&self) -> &str {
        self.body["type"].as_str().expect("a type")
    }

    pub(crate) fn call(&self) -> &str {
        self.body["data"]["callId"].as_str().expect("a call")
    }

    /// App, call and number, as `webhook-id` has them.
    pub(crate) fn id(&self) -> (u32, String, u64) {
        let mut parts = self.headers["webhook-id"].split('-');
        let mut part = || parts.next().expect("three parts");
        let (app, call, number) = (part(), part(), part());
        (app.parse().expect("an app"), call.to_owned(), number.parse().expect("a number"))
    }
}

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    pub(crate) secret: WebhookSecret,
    mood: watch::Sender<Mood>,
    taken: mpsc::UnboundedReceiver<Got>,
    /// What came and was not taken.
    pub(crate) refused: Arc<Mutex<Vec<Got>>>,
}

struct Desk {
    mood: watch::Receiver<Mood>,
    taken: mpsc::UnboundedSender<Got>,
    refused: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (mood, moods) = watch::channel(Mood::Takes);
        let (taken_in, taken) = mpsc::unbounded_channel();
        let refused = Arc::<Mutex<Vec<Got>>>::default();
        let desk = Arc::new(Desk { mood: moods, taken: taken_in, refused: Arc::clone(&refused) });
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let desk = Arc::clone(&desk);
                // Whoever hangs up has its reasons.
                tokio::spawn(async move { desk.serve(socket).await.ok() });
            }
        });
        let secret = WebhookSecret::random().expect("random numbers");
        Self { address, secret, mood, taken, refused }
    }

    pub(crate) fn mood(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// What an app is to be told of it.
    pub(crate) fn config(&self) -> WebhookConfig {
        let url = format!("http://{}/hooks/here?app=1", self.address).parse().expect("a URL");
        WebhookConfig { url, secret: self.secret.clone(), older_secrets: Vec::new(), authorities: None }
    }

    /// A server whose app has its webhooks sent here.
    pub(crate) async fn house(&self) -> House {
        self.house_with(|_| {}).await
    }

    pub(crate) async fn house_with(&self, change: impl FnOnce(&mut Config)) -> House {
        House::open_with(|config| {
            config.apps[0].webhooks = Some(self.config());
            change(config);
        })
        .await
    }

    /// Whether nothing ever came.
    pub(crate) fn is_untouched(&self) -> bool {
        self.taken.is_empty() && self.refused.lock().expect("no panic in here").is_empty()
    }

    /// The next webhook that is taken. Its signature is right, or the test has failed.
    pub(crate) async fn next(&mut self) -> Got {
        let got = timeout(PATIENCE, self.taken.recv()).await.expect("a webhook in time").expect("a receiver");
        self.check(&got);
        got
    }

    /// The next one, which must be of this type: its data.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        let got = self.next().await;
        assert_eq!(got.kind(), kind, "{}", got.text);
        got.body["data"].clone()
    }

    /// Whether a signature is right, as the specification says.
    pub(crate) fn check(&self, got: &Got) {
        let signature = signature(got, &self.secret);
        let shown = &got.headers["webhook-signature"];
        assert!(shown.split(' ').any(|each| each == signature), "{shown} holds {signature}");
        let at: u64 = got.headers["webhook-timestamp"].parse().expect("seconds");
        assert!(at.abs_diff(crate::harness::now_s()) < 300, "it is signed for now");
    }
}

/// The signature that a webhook should have.
pub(crate) fn signature(got: &Got, secret: &WebhookSecret) -> String {
    let (id, at) = (&got.headers["webhook-id"], &got.headers["webhook-timestamp"]);
    let key = secret.expose().strip_prefix("whsec_").expect("the prefix");
    let key = STANDARD.decode(key).expect("base64");
    let mac = hmac_sha256(&key, format!("{id}.{at}.{}", got.text).as_bytes());
    format!("v1,{}", STANDARD.encode(mac))
}

/// RFC 2104, by hand: not the library that signed it.
pub(crate) fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    assert!(key.len() <= block.len(), "a key of the specification is no longer");
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

impl Desk {
    async fn serve(&self, socket: TcpStream) -> std::io::Result<()> {
        if *self.mood.borrow() == Mood::HangsUp {
            return Ok(());
        }
        let mut socket = BufReader::new(socket);
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let (method, path) = line.split_once(' ').expect("a request line");
            assert_eq!(method, "POST");
            let path = path.split(' ').next().unwrap_or_default().to_owned();
            let mut headers = BTreeMap::new();
            loop {
                let mut line = String::new();
                socket.read_line(&mut line).await?;
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                headers.insert(name.to_lowercase(), value.to_owned());
            }
            let length = headers["content-length"].parse().expect("a length");
            let mut body = vec![0; length];
            socket.read_exact(&mut body).await?;
            let text = String::from_utf8(body).expect("text");
            let body = serde_json::from_str(&text).expect("JSON");
            let got = Got { path, headers, text, body, at: Instant::now() };
            let mood = self.mood.borrow().clone();
            let answer = match mood {
                Mood::TakesAllButFirsts if got.id().2 == 1 => "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
                Mood::Takes | Mood::TakesAllButFirsts => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
                Mood::Answers(status, headers) => format!("HTTP/1.1 {status} So\r\n{headers}Content-Length: 0\r\n\r\n"),
                Mood::Drones => "HTTP/1.1 200 Fine\r\nContent-Length: 1000000\r\n\r\nwell, ".to_owned(),
                Mood::HangsUp => return Ok(()),
                Mood::Sleeps => return std::future::pending().await,
            };
            if answer.starts_with("HTTP/1.1 2") {
                let _ = self.taken.send(got);
            } else {
                self.refused.lock().expect("no panic in here").push(got);
            }
            socket.write_all(answer.as_bytes()).await?;
        }
    }
}
