//! A server on loopback that does nothing by itself.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Callback, ErrorResponse, Request, Response};
use tsuwa::{EventStream, TrtcCalling, TrtcCallingEvent};

/// Nothing on loopback takes this long, however busy the machine is; what does has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// The first into each call.
pub(crate) const INVITATION: u64 = 21;

pub(crate) struct FakeServer(TcpListener);

impl FakeServer {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.0.local_addr().unwrap())
    }

    /// The next connection.
    pub(crate) async fn connection(&self) -> Connection {
        let (stream, _) = timeout(DEADLINE, self.0.accept()).await.expect("the SDK connects").unwrap();
        Connection(tokio_tungstenite::accept_hdr_async(stream, Subprotocol).await.unwrap())
    }

    /// The session is lost with its connection, and the sign-in to the next one says this of a call.
    pub(crate) async fn anew(&self, lost: Connection, call: Value) -> Connection {
        drop(lost);
        let mut connection = self.connection().await;
        let (id, _) = connection.expect("resume").await;
        connection.refuse(&id, 6014).await;
        connection.welcome("login", call).await;
        connection
    }

    /// An instance without media that is signed in as alice, and the server's end of it.
    pub(crate) async fn signed_in(&self) -> (TrtcCalling, EventStream, Connection) {
        let calling = TrtcCalling::builder().server(self.url()).without_media().build().unwrap();
        self.sign_in(calling).await
    }

    /// alice, signed in, who has accepted a call of bob's.
    pub(crate) async fn accepted(&self, call: &str) -> (TrtcCalling, EventStream, Connection) {
        let calling = TrtcCalling::builder().server(self.url()).without_media().build().unwrap();
        self.in_call(calling, call).await
    }

    /// The same, with this instance.
    pub(crate) async fn in_call(&self, calling: TrtcCalling, call: &str) -> (TrtcCalling, EventStream, Connection) {
        let (calling, mut events, mut connection) = self.sign_in(calling).await;
        connection.invite(1, call).await;
        told(&mut events, &["onInvited"]).await;
        let accepted = calling.accept();
        let (id, _) = connection.expect("accept").await;
        connection.reply(&id, json!({ "callId": call, "invitationId": INVITATION, "type": 1 })).await;
        assert_eq!(accepted.await.code, 0);
        (calling, events, connection)
    }

    pub(crate) async fn sign_in(&self, calling: TrtcCalling) -> (TrtcCalling, EventStream, Connection) {
        let events = calling.events();
        let answer = calling.login(1_400_000_001, "alice", "ticket");
        let mut connection = self.connection().await;
        connection.welcome("login", Value::Null).await;
        assert_eq!(answer.await.code, 0);
        (calling, events, connection)
    }
}

struct Subprotocol;

impl Callback for Subprotocol {
    #[allow(clippy::result_large_err, reason = "the trait's signature")]
    fn on_request(self, request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
        let asked = request.headers()["sec-websocket-protocol"].clone();
        assert_eq!((asked.to_str().unwrap(), request.uri().path()), ("tsuwa.1", "/rpc"));
        response.headers_mut().insert("sec-websocket-protocol", asked);
        Ok(response)
    }
}

/// The server's end of a connection.
pub(crate) struct Connection(WebSocketStream<TcpStream>);

impl Connection {
    /// The next request: its id, method and parameters. Acknowledgements and pings are passed over.
    pub(crate) async fn request(&mut self) -> (Value, String, Value) {
        loop {
            let message = timeout(DEADLINE, self.0.next()).await.expect("the SDK asks").expect("it is open").unwrap();
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(&text).unwrap();
            let method = frame["method"].as_str().unwrap().to_owned();
            match method.as_str() {
                "ack" => {}
                "ping" => self.reply(&frame["id"], json!({})).await,
                _ => return (frame["id"].clone(), method, frame["params"].clone()),
            }
        }
    }

    /// The next request, which is this one.
    pub(crate) async fn expect(&mut self, wanted: &str) -> (Value, Value) {
        let (id, method, params) = self.request().await;
        assert_eq!(method, wanted, "{params}");
        (id, params)
    }

    /// The next request is a sign-in; it is welcome. Gives its parameters.
    pub(crate) async fn welcome(&mut self, method: &str, call: Value) -> Value {
        let (id, params) = self.expect(method).await;
        let mut result = json!({ "sessionId": "7", "resumeToken": "token", "keptMs": 60_000 });
        if !call.is_null() {
            result["call"] = call;
        }
        self.reply(&id, result).await;
        params
    }

    pub(crate) async fn reply(&mut self, id: &Value, result: Value) {
        self.send(json!({ "jsonrpc": "2.0", "id": id, "result": result })).await;
    }

    pub(crate) async fn refuse(&mut self, id: &Value, code: i32) {
        self.send(json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": "no" } })).await;
    }

    pub(crate) async fn event(&mut self, seq: u64, method: &str, mut params: Value) {
        params["seq"] = seq.into();
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    /// bob invites alice.
    pub(crate) async fn invite(&mut self, seq: u64, call: &str) {
        self.invite_again(seq, call, INVITATION).await;
    }

    /// Into the same call, by another invitation.
    pub(crate) async fn invite_again(&mut self, seq: u64, call: &str, invitation: u64) {
        let params = json!({
            "callId": call, "invitationId": invitation, "sponsor": "bob", "userIds": [], "isFromGroup": false, "type": 1, "ringsForMs": 30_000,
        });
        self.event(seq, "onInvited", params).await;
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }
}

/// The name of the next event.
pub(crate) async fn next(events: &mut EventStream) -> TrtcCallingEvent {
    timeout(DEADLINE, events.next()).await.expect("an event comes").expect("the instance lives")
}

/// The next events have these names.
pub(crate) async fn told(events: &mut EventStream, names: &[&str]) {
    for name in names {
        assert_eq!(next(events).await.name(), *name);
    }
}

/// Nothing more is told. What the server said before was told before the answer to a request that is made now.
pub(crate) async fn nothing_more(calling: &TrtcCalling, connection: &mut Connection, events: &mut EventStream) {
    let answer = calling.call("zoe", tsuwa::CallType::Audio);
    let (id, _) = connection.expect("call").await;
    connection.refuse(&id, 101_002).await;
    assert_eq!(answer.await.code, 101_002);
    let more = timeout(Duration::ZERO, events.next()).await;
    assert!(more.is_err(), "{more:?}");
}
