//! A server of one's own for each test, and devices that speak to it as `docs/protocol.md` says.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tsuwa_server::{Config, Server};
use tsuwa_usersig::{Claims, Key, sign};

/// Longer than anything here takes on a busy machine; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A folder that goes with its test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tsuwa-server-it-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("a file for the test");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running server.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) config: Config,
    _folder: Folder,
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        // A test's own devices are in this process too.
        tsuwa_server::allow_many_sockets();
        let folder = Folder::new();
        let mut config = Config::local(&folder.0).expect("a configuration");
        config.media.workers = 1;
        change(&mut config);
        let server = Server::start(config.clone()).await.expect("a server");
        Self { server, config, _folder: folder }
    }

    /// What a server leaves that was stopped.
    pub(crate) async fn stop(self) -> (Config, Folder) {
        let Self { server, config, _folder } = self;
        assert!(server.join(std::future::ready(())).await, "it stopped in good order");
        (config, _folder)
    }

    /// The same server, stopped in good order and started again on its data; at another address.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// The same, with something else in the configuration.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        let (mut config, _folder) = self.stop().await;
        change(&mut config);
        let server = Server::start(config.clone()).await.expect("a server");
        Self { server, config, _folder }
    }

    /// The same of a server of which a part has failed, which is mended meanwhile.
    pub(crate) async fn restart_failed(self, mend: impl FnOnce()) -> Self {
        let Self { server, config, _folder } = self;
        let joined = timeout(PATIENCE, server.join(std::future::pending())).await;
        assert!(!joined.expect("it does not wait for calls that nobody can end"), "it says that it failed");
        mend();
        let server = Server::start(config.clone()).await.expect("a server");
        Self { server, config, _folder }
    }

    pub(crate) fn app(&self) -> u32 {
        self.config.apps[0].id.0
    }

    /// A good ticket.
    pub(crate) fn ticket(&self, user: &str) -> String {
        self.ticket_for(user, self.app(), now_s(), 3600)
    }

    pub(crate) fn ticket_for(&self, user: &str, app: u32, issued_at_s: u64, lifetime_s: u64) -> String {
        let key = Key::new(self.config.apps[0].secret.expose()).expect("a key");
        sign(&key, &Claims { app, user: user.to_owned(), issued_at_s, lifetime_s }).expect("a ticket")
    }

    /// A socket that nobody has signed in on.
    pub(crate) async fn socket(&self) -> Device {
        Device::connect(&self.server.rpc_url()).await
    }

    /// A signalling-only device, signed in.
    pub(crate) async fn device(&self, user: &str) -> Device {
        self.device_named(user, "phone").await
    }

    pub(crate) async fn device_named(&self, user: &str, device: &str) -> Device {
        let mut socket = self.socket().await;
        let params = self.login(user, device);
        socket.welcome = socket.ask("login", params).await.expect("a sign-in");
        socket
    }

    /// A device that carries media (or would), signed in.
    pub(crate) async fn webrtc_device(&self, user: &str) -> Device {
        let mut socket = self.socket().await;
        let mut params = self.login(user, "phone");
        params["media"] = "webrtc".into();
        socket.welcome = socket.ask("login", params).await.expect("a sign-in");
        socket
    }

    /// The parameters of a `login`.
    pub(crate) fn login(&self, user: &str, device: &str) -> Value {
        json!({
            "sdkAppId": self.app(), "userId": user, "userSig": self.ticket(user), "deviceId": device, "media": "none",
        })
    }

    /// Goes on with a device's session on a new socket.
    pub(crate) async fn resume(&self, device: &Device) -> Device {
        let mut socket = self.socket().await;
        socket.last_id = device.last_id;
        socket.last_seq = device.last_seq;
        let params = self.resume_params(device);
        socket.welcome = socket.ask("resume", params).await.expect("a resume");
        socket
    }

    pub(crate) fn resume_params(&self, device: &Device) -> Value {
        json!({
            "sdkAppId": self.app(),
            "sessionId": device.welcome["sessionId"],
            "resumeToken": device.welcome["resumeToken"],
            "lastSeq": device.last_seq,
        })
    }

    /// A request with the server credential of the app, below `/v1/apps/{app}`.
    pub(crate) async fn admin(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let path = format!("/v1/apps/{}{path}", self.app());
        let bearer = format!("Bearer {}", self.config.apps[0].admin_token.expose());
        let (status, text) = self.http(method, &path, &[("Authorization", &bearer)], body).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Any HTTP request: its status and body.
    pub(crate) async fn http(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> (u16, String) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            text += "Content-Type: application/json\r\n";
        }
        text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let mut socket = TcpStream::connect(self.server.address()).await.expect("a connection");
        socket.write_all(text.as_bytes()).await.expect("a request sent");
        let mut answer = Vec::new();
        timeout(PATIENCE, socket.read_to_end(&mut answer)).await.expect("an answer in time").expect("an answer");
        let answer = String::from_utf8(answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let body =
            if head.to_lowercase().contains("transfer-encoding: chunked") { dechunked(body) } else { body.into() };
        (status, body)
    }
}

fn dechunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a chunk's size");
        if size == 0 {
            break;
        }
        whole += &rest[..size];
        body = &rest[size + 2..];
    }
    whole
}

pub(crate) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs()
}

/// A WebSocket as the library has it.
pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a request ended: its result, or the code of its refusal.
pub(crate) type Answer = Result<Value, i64>;

/// A device's end of a WebSocket. It is read all the time, so that pings are answered while a test does other things.
pub(crate) struct Device {
    sink: SplitSink<Socket, Message>,
    /// Frames, and at the end the code that the socket was closed with (0: without one).
    frames: mpsc::UnboundedReceiver<Result<Value, u16>>,
    reads: watch::Sender<bool>,
    /// What `login` or `resume` gave.
    pub(crate) welcome: Value,
    pub(crate) last_id: u64,
    pub(crate) last_seq: u64,
    /// Events and signals that came while something else was waited for.
    early: VecDeque<Value>,
    replies: Vec<Value>,
    passes_over_quality: bool,
}

/// Opens a WebSocket as a client should.
pub(crate) async fn open_socket(url: &str) -> Socket {
    let mut request = url.into_client_request().expect("a request");
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("tsuwa.1"));
    let (ws, _) = timeout(PATIENCE, connect_async(request)).await.expect("a connection in time").expect("a WebSocket");
    ws
}

async fn read_on(
    mut stream: SplitStream<Socket>,
    mut reads: watch::Receiver<bool>,
    frames: mpsc::UnboundedSender<Result<Value, u16>>,
) {
    let end = loop {
        if reads.wait_for(|reads| *reads).await.is_err() {
            return;
        }
        let message = tokio::select! {
            message = stream.next() => message,
            changed = reads.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        match message {
            Some(Ok(Message::Text(text))) => {
                let _ = frames.send(Ok(serde_json::from_str(&text).expect("JSON")));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(Some(frame)))) => break frame.code.into(),
            Some(Ok(Message::Close(None)) | Err(_)) | None => break 0,
            Some(Ok(other)) => panic!("neither text nor an end: {other:?}"),
        }
    };
    let _ = frames.send(Err(end));
}

impl Device {
    pub(crate) async fn connect(url: &str) -> Self {
        Self::over(open_socket(url).await)
    }

    pub(crate) fn over(ws: Socket) -> Self {
        let (sink, stream) = ws.split();
        let (frames_in, frames) = mpsc::unbounded_channel();
        let reads = watch::Sender::new(true);
        tokio::spawn(read_on(stream, reads.subscribe(), frames_in));
        let (early, replies) = (VecDeque::new(), Vec::new());
        let (welcome, last_id, last_seq, passes_over_quality) = (Value::Null, 0, 0, false);
        Self { sink, frames, reads, welcome, last_id, last_seq, early, replies, passes_over_quality }
    }

    /// Stops reading, or goes on with it.
    pub(crate) fn reads(&self, reads: bool) {
        self.reads.send_replace(reads);
    }

    /// Closes the socket; the session goes on.
    pub(crate) async fn lose_socket(&mut self) {
        let _ = self.sink.close().await;
    }

    /// What has been and will be said of others' networks is passed over: where a thousand devices share a test's
    /// thread with their server, somebody may not be heard for a moment.
    pub(crate) fn passes_over_quality(&mut self) {
        self.passes_over_quality = true;
        self.early.retain(|event| !is_quality(event));
    }

    /// Sends anything; whether the socket took it.
    pub(crate) async fn try_send(&mut self, message: Message) -> bool {
        self.sink.send(message).await.is_ok()
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        self.sink.send(Message::text(text.into())).await.expect("a frame sent");
    }

    /// Sends a request without waiting for its answer; gives its id.
    pub(crate) async fn begin(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        self.send_as(self.last_id, method, params).await;
        self.last_id
    }

    pub(crate) async fn send_as(&mut self, id: u64, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()).await;
    }

    /// The answer to a request.
    pub(crate) async fn answer(&mut self, id: u64) -> Answer {
        loop {
            if let Some(found) = self.replies.iter().position(|reply| reply["id"] == id) {
                let reply = self.replies.remove(found);
                return match reply.get("error") {
                    Some(error) => Err(error["code"].as_i64().expect("a code")),
                    None => Ok(reply["result"].clone()),
                };
            }
            self.read().await;
        }
    }

    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Answer {
        let id = self.begin(method, params).await;
        self.answer(id).await
    }

    /// Reads one frame and puts it where it belongs.
    async fn read(&mut self) {
        let frame = self.frame().await.unwrap_or_else(|end| panic!("the socket ended: {end:?}"));
        if self.passes_over_quality && is_quality(&frame) {
            return;
        }
        if frame.get("method").is_some() { self.early.push_back(frame) } else { self.replies.push(frame) }
    }

    /// The next frame, whatever it is; or the code that the socket was closed with (0: without one).
    pub(crate) async fn frame(&mut self) -> Result<Value, u16> {
        timeout(PATIENCE, self.frames.recv()).await.expect("a frame in time").unwrap_or(Err(0))
    }

    /// Reads on until the socket ends; gives the code that it was closed with.
    pub(crate) async fn end(&mut self) -> u16 {
        loop {
            match self.frame().await {
                Ok(frame) if frame.get("method").is_some() => self.early.push_back(frame),
                Ok(frame) => self.replies.push(frame),
                Err(code) => return code,
            }
        }
    }

    /// The next event, which must have this name: its parameters without the number.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        while self.early.is_empty() {
            self.read().await;
        }
        let Some(mut event) = self.early.pop_front() else { unreachable!() };
        assert_eq!(event["method"], name, "the next event: {event}");
        let params = event["params"].as_object_mut().expect("parameters");
        if let Some(seq) = params.remove("seq") {
            let seq = seq.as_u64().expect("a number");
            assert!(seq > self.last_seq, "event {seq} after {}", self.last_seq);
            self.last_seq = seq;
        }
        event["params"].take()
    }

    /// Nothing came before the socket ended but what was waited for.
    pub(crate) fn heard_nothing_more(&self) {
        assert_eq!((&self.early, &self.replies), (&VecDeque::new(), &Vec::new()));
    }

    /// Nothing has come but what was waited for. What is on its way in the server comes before the answer to a request
    /// that goes through the same shard.
    pub(crate) async fn nothing_more(&mut self) {
        let nothing = self.ask("hangup", json!({ "callId": "1" })).await;
        assert!(nothing.is_ok() || nothing == Err(8010) || nothing == Err(8011), "{nothing:?}");
        assert_eq!(self.early, VecDeque::<Value>::new());
    }

    pub(crate) async fn call(&mut self, user: &str) -> String {
        let result = self.ask("call", json!({ "userId": user, "type": 1 })).await.expect("a call");
        result["callId"].as_str().expect("a call's id").to_owned()
    }

    /// Acknowledges what was seen.
    pub(crate) async fn ack(&mut self) {
        let ack = json!({ "jsonrpc": "2.0", "method": "ack", "params": { "seq": self.last_seq } });
        self.send(ack.to_string()).await;
    }
}

fn is_quality(frame: &Value) -> bool {
    frame["method"] == "onNetworkQuality"
}

/// Two devices that talk: the caller, the callee, and the call.
pub(crate) async fn talk(house: &House, caller: &str, callee: &str) -> (Device, Device, String) {
    let mut a = house.device(caller).await;
    let mut b = house.device(callee).await;
    let call = a.call(callee).await;
    assert_eq!(b.event("onInvited").await["callId"], call);
    b.ask("accept", json!({ "callId": call })).await.expect("an accept");
    a.event("onUserEnter").await;
    b.event("onUserEnter").await;
    (a, b, call)
}

/// A talk goes on as it should: each side is heard by the other, and it ends as it should.
pub(crate) async fn still_talks_and_ends((mut a, mut b, call): (Device, Device, String)) {
    a.nothing_more().await;
    b.nothing_more().await;
    a.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    b.event("onUserLeave").await;
    b.event("onCallEnd").await;
    a.nothing_more().await;
}
