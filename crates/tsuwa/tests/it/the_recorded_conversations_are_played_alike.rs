use crate::fake_server::{Connection, DEADLINE, FakeServer, next};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tsuwa::{ActionCallback, CallOptions, CallType, EventStream, RecentCalls, TrtcCalling};

/// `docs/conversations`, each side of each: the same frames are sent, the same codes answered, and the same events told.
#[tokio::test]
async fn the_recorded_conversations_are_played_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conversations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
    files.sort();
    assert!(files.len() > 30, "{files:?}");
    for path in files {
        let recorded: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for (who, steps) in recorded["conversations"].as_object().unwrap() {
            let mut player = Player::new(format!("row {}, {who}", recorded["row"])).await;
            for (at, step) in steps.as_array().unwrap().iter().enumerate() {
                player.plays(at, step).await;
            }
            player.ends().await;
        }
    }
}

/// Functions that return nothing here; their failure would be an `onError`.
const RETURN_NOTHING: [&str; 2] = ["hangup", "setMicMute"];

struct Player {
    name: String,
    server: FakeServer,
    connection: Option<Connection>,
    calling: TrtcCalling,
    events: EventStream,
    answered: mpsc::UnboundedSender<Value>,
    answers: mpsc::UnboundedReceiver<Value>,
    /// The SDK's number of a request, by the recorded one: `ping`, which is left out, has taken some.
    numbers: BTreeMap<u64, Value>,
}

impl Player {
    async fn new(name: String) -> Self {
        let server = FakeServer::start().await;
        let device = "device".parse().unwrap();
        let calling =
            TrtcCalling::builder().server(server.url()).without_media().device_id(device).build().expect("it is right");
        let events = calling.events();
        let (answered, answers) = mpsc::unbounded_channel();
        let numbers = BTreeMap::new();
        Self { name, server, connection: None, calling, events, answered, answers, numbers }
    }

    async fn plays(&mut self, at: usize, step: &Value) {
        let place = format!("{}, step {at}: {step}", self.name);
        if let Some(function) = step["do"].as_str() {
            self.acts(function, step["args"].as_array().unwrap());
        } else if let Some(wanted) = step.get("send") {
            let (method, params) = self.sends(wanted["id"].as_u64().unwrap()).await;
            assert_eq!(
                (json!(method), params),
                (wanted["method"].clone(), self.renumbered(&wanted["params"])),
                "{place}"
            );
        } else if let Some(frame) = step.get("receive") {
            let mut frame = named(frame.clone());
            frame["jsonrpc"] = "2.0".into();
            if let Some(id) = frame.get("id").and_then(Value::as_u64) {
                frame["id"] = self.numbers[&id].clone();
            }
            self.connection.as_mut().expect("it is connected").send(frame).await;
        } else if let Some(wanted) = step.get("tell") {
            let told = serde_json::to_value(next(&mut self.events).await).unwrap();
            let mut params = told["params"].clone();
            if params.get("msg").is_some() {
                params["msg"] = "(words)".into();
            }
            assert_eq!(json!([told["event"], params]), *wanted, "{place}");
        } else if let Some(wanted) = step.get("answer") {
            if !RETURN_NOTHING.contains(&wanted[0].as_str().unwrap()) {
                let answer = timeout(DEADLINE, self.answers.recv()).await.unwrap_or_else(|_| panic!("{place}"));
                assert_eq!(answer.as_ref(), Some(wanted), "{place}");
            }
        } else {
            assert_eq!(step["connection"], "lost", "{place}");
            self.connection = None;
        }
    }

    /// What the SDK sends next, on a connection of its own if there is none.
    async fn sends(&mut self, id: u64) -> (String, Value) {
        if self.connection.is_none() {
            self.connection = Some(self.server.connection().await);
        }
        let (number, method, mut params) = self.connection.as_mut().unwrap().request().await;
        self.numbers.insert(id, number);
        if params.get("deviceId").is_some() {
            params["deviceId"] = "(device)".into();
        }
        (method, params)
    }

    fn renumbered(&self, params: &Value) -> Value {
        let mut params = named(params.clone());
        if let Some(id) = params.get("request").and_then(Value::as_u64) {
            params["request"] = self.numbers[&id].clone();
        }
        params
    }

    fn acts(&self, function: &str, args: &[Value]) {
        let calling = &self.calling;
        let text = |at: usize| args[at].as_str().unwrap();
        let options = || {
            let kind = u8::try_from(args[1].as_u64().unwrap()).unwrap();
            // What is no type can't be said in this SDK: the others refuse it.
            let Ok(kind) = CallType::try_from(kind) else { return None };
            let mut options = CallOptions::of(kind);
            if let Some(timeout) = args.get(2).and_then(|more| more["timeout"].as_u64()) {
                options = options.timeout(std::time::Duration::from_secs(timeout));
            }
            if let Some(data) = args.get(2).and_then(|more| more["userData"].as_str()) {
                options = options.user_data(data);
            }
            Some(options)
        };
        match function {
            "login" => {
                let app = u32::try_from(args[0].as_u64().unwrap()).unwrap();
                self.awaits(function, calling.login(app, text(1), text(2)));
            }
            "logout" => self.awaits(function, calling.logout()),
            "call" => match options() {
                Some(options) => self.awaits(function, calling.call_with(text(0), options)),
                None => self.answered.send(json!([function, -1202])).unwrap(),
            },
            "groupCall" => {
                let users: Vec<&str> = args[0].as_array().unwrap().iter().map(|user| user.as_str().unwrap()).collect();
                self.awaits(function, calling.group_call_with(&users, options().unwrap()));
            }
            "accept" => self.awaits(function, calling.accept()),
            "reject" => self.awaits(function, calling.reject()),
            "hangup" => calling.hangup(),
            "setMicMute" => calling.set_mic_mute(args[0].as_bool().unwrap()),
            "queryRecentCalls" => {
                let before = args.first().and_then(|more| more["before"].as_str()).map(|call| call.parse().unwrap());
                let limit = args.first().and_then(|more| more["limit"].as_u64()).map(|limit| limit as usize);
                self.looks(function, calling.query_recent_calls(before, limit));
            }
            other => panic!("{other} is not known"),
        }
    }

    fn awaits(&self, function: &str, answer: impl Future<Output = ActionCallback> + Send + 'static) {
        let (function, answered) = (function.to_owned(), self.answered.clone());
        tokio::spawn(async move { answered.send(json!([function, answer.await.code])) });
    }

    fn looks(&self, function: &str, page: impl Future<Output = Result<RecentCalls, ActionCallback>> + Send + 'static) {
        let (function, answered) = (function.to_owned(), self.answered.clone());
        tokio::spawn(async move {
            let (code, page) = match page.await {
                Ok(page) => (0, page),
                Err(refusal) => (refusal.code, RecentCalls::default()),
            };
            answered.send(json!([function, code, page]))
        });
    }

    /// Nothing is left over: what was said before has been told and asked by the time that the instance is gone.
    async fn ends(mut self) {
        let last = timeout(std::time::Duration::from_millis(20), self.events.next()).await;
        assert!(!matches!(last, Ok(Some(_))), "{}: {last:?}", self.name);
        assert_eq!(self.answers.try_recv().ok(), None, "{}", self.name);
        self.calling.destroy();
    }
}

/// Sessions are numbers here.
fn named(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            for (name, value) in map {
                let inner = std::mem::take(value);
                *value = if name == "sessionId" { "7".into() } else { named(inner) };
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|each| *each = named(std::mem::take(each))),
        _ => {}
    }
    value
}
