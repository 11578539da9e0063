//! Somebody who opens a connection and says whatever comes to mind.

use crate::server::APP;
use crate::town::{DAWN, Town};
use crate::wire::Frame;
use serde_json::{Value, json};
use tsuwa_proto::{Code, FromServer, parse_server};
use tsuwa_session::Link;
use tsuwa_usersig::{Claims, Key};

impl Town {
    pub(crate) fn play_the_stranger(&mut self) {
        self.connect(None, Link(0));
    }

    /// The stranger's connection is open.
    pub(crate) fn play_about(&mut self, conn: usize) {
        let user = self.residents[0].id.as_str().to_owned();
        let login = |user_sig: String, app: u32| json!({ "sdkAppId": app, "userId": user, "userSig": user_sig, "deviceId": "pretender", "media": "none" });
        let now_s = (DAWN + self.now) / 1000;
        let claims =
            |app, user: &str, issued_at_s| Claims { app, user: user.to_owned(), issued_at_s, lifetime_s: 1000 };
        let other_key = Key::new("somebody else's secret").unwrap_or_else(|_| self.key.clone());
        let ticket = |key: &Key, claims: &Claims| tsuwa_usersig::sign(key, claims).unwrap_or_default();
        let params = match self.dice.below(12) {
            0 => login(String::new(), APP.0),
            1 => login("nonsense".to_owned(), APP.0),
            2 => login(ticket(&other_key, &claims(APP.0, &user, now_s)), APP.0),
            3 => login(ticket(&self.key, &claims(APP.0, "somebody-else", now_s)), APP.0),
            4 => login(ticket(&other_key, &claims(7, &user, now_s)), APP.0),
            5 => login(ticket(&self.key, &claims(APP.0, &user, now_s - 5_000)), APP.0),
            6 => login("x".to_owned(), 77),
            7 => login("x".repeat(5_000), APP.0),
            _ => Value::Null,
        };
        let request = |id: u64, method: &str, params: &Value| {
            json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
        };
        let mut texts = Vec::new();
        match self.dice.below(8) {
            _ if !params.is_null() => texts.push(request(1, "login", &params)),
            0 => texts.push("no JSON at all".to_owned()),
            1 => texts.push("[1, 2]".to_owned()),
            2 => texts.push(request(1, "call", &json!({ "userId": user, "type": 1 }))),
            3 => texts.push(request(
                1,
                "resume",
                &json!({ "sdkAppId": APP, "sessionId": "1", "resumeToken": "x", "lastSeq": 0 }),
            )),
            4 => texts.push(r#"{"jsonrpc":"2.0","method":"ack","params":{"seq":1}}"#.to_owned()),
            _ => {
                // A sign-in that would succeed, twice at once: of a device of its own, which is then signed out.
                let good = ticket(&self.key, &claims(APP.0, "stranger", now_s));
                let params =
                    json!({ "sdkAppId": APP, "userId": "stranger", "userSig": good, "deviceId": "d", "media": "none" });
                texts.push(request(1, "login", &params));
                texts.push(request(2, "login", &params));
            }
        }
        for text in texts {
            self.fly_up(conn, Frame::Text(text));
        }
    }

    pub(crate) fn heard_by_stranger(&mut self, text: &str) {
        if let Ok(FromServer::Reply(_, Err(refusal))) = parse_server(text) {
            self.counts.refusal(refusal.code);
        } else if parse_server(text).is_err() {
            self.laws.hold(crate::laws::Law::NoFault, false, || format!("the server says {text}"));
        }
        let _ = Code::ALL;
    }
}
