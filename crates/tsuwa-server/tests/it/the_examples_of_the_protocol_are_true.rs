use crate::harness::{Device, House};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Fields whose values the server makes: the same text in the document must be the same value in truth.
const MADE: &[&str] = &["sessionId", "resumeToken", "callId", "invitationId"];
/// Fields that are what they are.
const ANY: &[&str] = &["ringsForMs", "startedAt", "endedAt", "ringingMs"];

/// One conversation of the document.
struct Play<'a> {
    house: &'a House,
    devices: BTreeMap<String, Device>,
    /// What a text in the document is in truth, and the other way round.
    truth: BTreeMap<String, Value>,
    said: BTreeMap<String, String>,
    line: String,
}

impl Play<'_> {
    /// The document's value as it is in truth.
    fn real(&self, field: &str, said: &Value) -> Value {
        match said {
            Value::Object(fields) => {
                let mut real: serde_json::Map<_, _> =
                    fields.iter().map(|(name, value)| (name.clone(), self.real(name, value))).collect();
                if said.get("userSig").is_some_and(|sig| sig.as_str().is_some_and(|sig| sig.ends_with('…'))) {
                    let user = said["userId"].as_str().expect("a user");
                    real["userSig"] = self.house.ticket(user).into();
                }
                real.into()
            }
            said => match made(field, said) {
                Some(key) => self.truth.get(&key).unwrap_or(said).clone(),
                None => said.clone(),
            },
        }
    }

    /// That what came is what the document says; what is seen for the first time is remembered.
    fn compare(&mut self, field: &str, said: &Value, came: &Value) {
        match (said, came) {
            (Value::Object(said), Value::Object(came)) => {
                let names = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
                assert_eq!(names(said), names(came), "{}\ncame {came:?}", self.line);
                for (name, value) in said {
                    self.compare(name, value, &came[name]);
                }
            }
            (Value::Array(said), Value::Array(came)) => {
                assert_eq!(said.len(), came.len(), "{}", self.line);
                for (said, came) in said.iter().zip(came) {
                    self.compare(field, said, came);
                }
            }
            _ if ANY.contains(&field) => {}
            _ => match (made(field, said), made(field, came)) {
                (Some(key), Some(real)) => {
                    let line = &self.line;
                    let known = self.truth.entry(key.clone()).or_insert_with(|| came.clone());
                    assert_eq!(known, came, "{line}");
                    assert_eq!(*self.said.entry(real).or_insert_with(|| key.clone()), key, "{line}");
                }
                _ => assert_eq!(said, came, "{}", self.line),
            },
        }
    }

    async fn device(&mut self, name: &str) -> &mut Device {
        if !self.devices.contains_key(name) {
            // The nameless device of an example signs in itself, if it is to be.
            let device = if name == "itself" { self.house.socket().await } else { self.house.device(name).await };
            self.learn(name, &device);
            self.devices.insert(name.to_owned(), device);
        }
        self.devices.get_mut(name).expect("it is there now")
    }

    /// A session that the document names only when it is resumed.
    fn learn(&mut self, name: &str, device: &Device) {
        for field in ["sessionId", "resumeToken"] {
            self.truth.insert(format!("{name}'s {field}"), device.welcome[field].clone());
        }
    }

    async fn play(&mut self, line: &str) {
        line.clone_into(&mut self.line);
        if let Some(name) = line.strip_suffix(" opens a new socket") {
            let socket = self.house.socket().await;
            self.devices.insert(name.to_owned(), socket);
        } else if let Some(name) = line.strip_suffix(" loses its socket") {
            self.device(name).await.lose_socket().await;
        } else if let Some((name, frame)) = line.split_once('→') {
            self.says(named(name), frame).await;
        } else if let Some((name, frame)) = line.split_once('←') {
            self.gets(named(name), frame).await;
        } else {
            panic!("no line of a conversation: {line}");
        }
    }

    async fn says(&mut self, name: &str, frame: &str) {
        let said: Value = serde_json::from_str(frame).unwrap_or_else(|e| panic!("{e} in {frame}"));
        if said["method"] == "resume" {
            for field in ["sessionId", "resumeToken"] {
                if let Some(real) = self.truth.get(&format!("{name}'s {field}")).cloned() {
                    let text = said["params"][field].as_str().expect("a text");
                    self.truth.entry(key(field, text)).or_insert(real);
                }
            }
        }
        let mut real = self.real("", &said);
        real["jsonrpc"] = "2.0".into();
        self.device(name).await.send(real.to_string()).await;
    }

    async fn gets(&mut self, name: &str, frame: &str) {
        let came = self.device(name).await.frame().await;
        if let Some(code) = frame.trim().strip_prefix("close ") {
            assert_eq!(came, Err(code.parse().expect("a code")), "{}", self.line);
            return;
        }
        let mut said: Value = serde_json::from_str(frame).unwrap_or_else(|e| panic!("{e} in {frame}"));
        said["jsonrpc"] = "2.0".into();
        self.compare("", &said, &came.unwrap_or_else(|code| panic!("closed with {code}: {}", self.line)));
    }
}

fn key(field: &str, text: &str) -> String {
    format!("{field}:{text}")
}

/// What stands for a value that the server makes. No invitation is 0 in the document too.
fn made(field: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.as_u64() != Some(0) => number.to_string(),
        _ => return None,
    };
    MADE.contains(&field).then(|| key(field, &text))
}

fn named(name: &str) -> &str {
    if name.trim().is_empty() { "itself" } else { name.trim() }
}

/// The fenced blocks with arrows in them.
fn conversations(document: &str) -> Vec<Vec<&str>> {
    let blocks = document.split("```json\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap_or_default().lines().filter(|line| !line.is_empty()).collect())
        .filter(|lines: &Vec<&str>| lines.iter().any(|line| line.contains('→')))
        .collect()
}

#[tokio::test]
async fn the_examples_of_the_protocol_are_true() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.md");
    let document = std::fs::read_to_string(document).expect("the document");
    let conversations = conversations(&document);
    assert!(conversations.len() >= 8, "the examples were found");
    for lines in conversations {
        let house = House::open().await;
        let mut play = Play {
            house: &house,
            devices: BTreeMap::new(),
            truth: BTreeMap::new(),
            said: BTreeMap::new(),
            line: String::new(),
        };
        // Whoever takes part is there from the beginning.
        for line in &lines {
            if let Some((name, _)) = line.split_once(['→', '←']) {
                let signs_in = lines[0].contains("\"login\"");
                let name = if name.trim().is_empty() && !signs_in { continue } else { named(name) };
                play.device(name).await;
            }
        }
        if !lines[0].contains("\"login\"") && lines[0].starts_with('→') {
            let device = house.device("itself").await;
            play.devices.insert("itself".to_owned(), device);
        }
        for line in lines {
            play.play(line).await;
        }
    }
}
