//! A client's session with a server that says anything at any time.

use crate::bytes::Bytes;
use crate::words;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tsuwa_proto::{AppId, Event, EventSeq, InvitationId, Login, MediaMode, Millis, RequestId, SessionId};
use tsuwa_session::{ClientOutput, ClientSession, Link};

/// Steps of a story.
const STEPS: usize = 300;

/// Whatever comes, each request is answered once, events rise, only the present connection is used, and an end is an
/// end.
pub fn session_client(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let login = Login {
        sdk_app_id: AppId(1),
        user_id: "A".parse().expect("an id"),
        user_sig: "ticket".into(),
        device_id: "1".parse().expect("an id"),
        media: MediaMode::None,
    };
    let mut watch = Watch::new(ClientSession::new(words::DAWN, login, bytes.number()));
    watch.collect();
    for _ in 0..STEPS {
        if bytes.is_empty() {
            break;
        }
        watch.step(&mut bytes);
        watch.collect();
    }
    watch.left_alone();
}

/// What a frame says of an invitation.
#[derive(Clone, Copy)]
enum Named {
    /// It may say anything.
    Whatever,
    Right(InvitationId),
    Wrong,
}

impl Named {
    /// A client's app is told of the invitation that the server named, and of none that it did not name rightly.
    fn heard(self, told: InvitationId) {
        match self {
            Self::Whatever => {}
            Self::Right(named) => assert_eq!(told, named, "another invitation was named"),
            Self::Wrong => panic!("{told:?} is told of, and none was named"),
        }
    }
}

struct Watch {
    session: ClientSession,
    now: Millis,
    link: Option<Link>,
    links: u64,
    wake_at: Option<Millis>,
    session_id: Option<SessionId>,
    last_seq: EventSeq,
    asked: BTreeMap<RequestId, u32>,
    /// What each was, but for new tickets.
    said: BTreeMap<u64, (&'static str, Value)>,
    /// What this step's frame says.
    named: Named,
    is_over: bool,
    /// The number of the last frame that was sent.
    last_sent: u64,
}

impl Watch {
    fn new(session: ClientSession) -> Self {
        Self {
            session,
            now: words::DAWN,
            link: None,
            links: 0,
            wake_at: None,
            session_id: None,
            last_seq: EventSeq(0),
            asked: BTreeMap::new(),
            said: BTreeMap::new(),
            named: Named::Whatever,
            is_over: false,
            last_sent: 0,
        }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        self.named = Named::Whatever;
        let link = match bytes.below(8) {
            7 => Link(u64::from(bytes.byte())),
            _ => self.link.unwrap_or(Link(0)),
        };
        match bytes.below(16) {
            0 | 1 => self.session.opened(self.now, link),
            2 => {
                self.link.take_if(|present| *present == link);
                self.session.closed(self.now, link);
            }
            3 | 4 => self.welcome(bytes, link),
            5 | 6 => {
                let text = self.frame(bytes);
                self.session.frame(self.now, link, &text);
            }
            7 => self.session.frame(self.now, link, &bytes.word()),
            8 | 9 => {
                // The same byte says which invitation is named.
                let choice = bytes.byte();
                let methods = ["call", "hangup", "logout", "ping", "reject", "login", ""];
                let method = if choice >= 210 { "accept" } else { methods[usize::from(choice % 7)] };
                let params = match choice / 7 {
                    0 => json!({ "callId": "7" }),
                    1 => json!({ "callId": "7", "invitationId": u64::MAX }),
                    named => json!({ "callId": "7", "invitationId": named - 2 }),
                };
                let id = self.session.request(self.now, method, params.clone());
                assert_eq!(self.asked.insert(id, 0), None, "a number is given twice");
                self.said.insert(id.0, (method, params));
            }
            10 => {
                let id = self.session.renew(self.now, "another".into());
                assert_eq!(self.asked.insert(id, 0), None, "a number is given twice");
            }
            11 => self.session.set_in_call(self.now, bytes.flag()),
            12 => self.session.network_changed(self.now),
            13 => {
                self.now = self.now.plus(words::pause(bytes));
                self.session.timer(self.now);
            }
            14 => self.session.timer(self.now),
            _ => {
                self.now = self.wake_at.unwrap_or(self.now).max(self.now);
                self.session.timer(self.now);
            }
        }
    }

    /// The sign-in is answered, rightly or not.
    fn welcome(&mut self, bytes: &mut Bytes<'_>, link: Link) {
        let id = self.last_sent;
        let text = match bytes.below(8) {
            0..=5 => {
                let choice = bytes.byte();
                let session = (choice % 3 + 1).to_string();
                let mut result = json!({"sessionId": session, "resumeToken": "t", "keptMs": 60_000});
                if choice >= 3 {
                    let stage = ["ringing", "calling", "talking"][usize::from(choice / 3 % 3)];
                    result["call"] = json!({"callId": "7", "type": 1, "stage": stage, "users": []});
                    self.invitation(choice / 9, &mut result["call"]);
                }
                json!({"jsonrpc": "2.0", "id": id, "result": result})
            }
            6 => {
                let code = bytes.one(&[6014, 6208, 70001, 70009, 70050, 7501, 7008, 12345]);
                json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": ""}})
            }
            _ => json!({"jsonrpc": "2.0", "id": id, "result": {}}),
        };
        self.session.frame(self.now, link, &text.to_string());
    }

    /// An invitation's id as a server may say it, or as none does.
    fn invitation(&mut self, choice: u8, of: &mut Value) {
        of["invitationId"] = match choice % 16 {
            0 => return self.named = Named::Right(InvitationId::NONE),
            1 => json!(null),
            2 => json!(-1),
            3 => json!(1.0),
            4 => json!("5"),
            5 => json!([5]),
            6 => json!(1e20),
            7 => json!(u64::MAX),
            number => json!(number - 8),
        };
        self.named = of["invitationId"].as_u64().map_or(Named::Wrong, |id| Named::Right(InvitationId(id)));
    }

    fn frame(&mut self, bytes: &mut Bytes<'_>) -> String {
        let back = u64::from(bytes.byte() % 4);
        let choice = bytes.byte();
        match choice % 8 {
            0 | 1 => {
                let mut result = json!({"callId": "7", "type": 1});
                self.invitation(choice / 8, &mut result);
                json!({"jsonrpc": "2.0", "id": self.last_sent.saturating_sub(back), "result": result})
            }
            2 => {
                let code = bytes.one(&[6014, 6208, 8010, -1203, 70001]);
                json!({"jsonrpc": "2.0", "id": self.last_sent.saturating_sub(back), "error": {"code": code}})
            }
            3 => json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700}}),
            4 => json!({"jsonrpc": "2.0", "method": "onKickedOffline", "params": {"seq": bytes.byte()}}),
            5 => json!({"jsonrpc": "2.0", "method": "onWhatever", "params": {"seq": bytes.number()}}),
            _ => {
                let seq = (self.last_seq.0 + 2).saturating_sub(back);
                let mut params = json!({"seq": seq, "callId": "7"});
                let method = if choice < 8 { "onCallEnd" } else { "onInvited" };
                if choice >= 8 {
                    params["sponsor"] = json!("B");
                    params["userIds"] = json!([]);
                    params["isFromGroup"] = json!(false);
                    params["type"] = json!(1);
                    params["ringsForMs"] = json!(30_000);
                    self.invitation(choice / 8, &mut params);
                }
                json!({"jsonrpc": "2.0", "method": method, "params": params})
            }
        }
        .to_string()
    }

    fn collect(&mut self) {
        while let Some(output) = self.session.poll_output() {
            if self.is_over {
                // Requests that are made after the end are still answered.
                assert!(matches!(output, ClientOutput::Reply { .. }), "after the end: {output:?}");
            }
            match output {
                ClientOutput::Connect { link } => {
                    assert_eq!(self.link, None, "two connections at once");
                    assert!(self.links == 0 || link.0 >= self.links, "a link's number comes again");
                    self.links = link.0 + 1;
                    self.link = Some(link);
                }
                ClientOutput::SendText { link, text } => {
                    assert_eq!(self.link, Some(link), "something is sent on a connection that is gone");
                    let frame: serde_json::Value = serde_json::from_str(&text).expect("frames are JSON");
                    self.last_sent = frame["id"].as_u64().unwrap_or(self.last_sent);
                    if let Some((method, params)) = frame["id"].as_u64().and_then(|id| self.said.get(&id)) {
                        assert!(frame["method"] == **method && frame["params"] == *params, "asked, and sent {text}");
                    }
                }
                ClientOutput::CloseSocket { link } => {
                    assert_eq!(self.link.take(), Some(link), "a connection is closed that is gone");
                }
                ClientOutput::SignedIn { welcome } => {
                    welcome.call.iter().for_each(|call| self.named.heard(call.invitation_id));
                    self.session_id = Some(welcome.session_id);
                    self.last_seq = EventSeq(0);
                }
                ClientOutput::Back { welcome } => {
                    welcome.call.iter().for_each(|call| self.named.heard(call.invitation_id));
                    assert!(self.session_id.is_some(), "it comes back to nothing");
                }
                ClientOutput::Event { seq, event } => {
                    if let Event::OnInvited { invitation_id, .. } = event {
                        self.named.heard(invitation_id);
                    }
                    assert!(seq > self.last_seq, "event {seq:?} after {:?}", self.last_seq);
                    self.last_seq = seq;
                }
                ClientOutput::Reply { id, .. } => {
                    let answers = self.asked.get_mut(&id).expect("only what was asked is answered");
                    *answers += 1;
                    assert_eq!(*answers, 1, "request {} is answered twice", id.0);
                }
                ClientOutput::WakeAt(at) => self.wake_at = Some(at),
                ClientOutput::Refused(_) | ClientOutput::SignedOut => self.is_over = true,
                ClientOutput::Lost | ClientOutput::Signal(_) | ClientOutput::Fault(_) => {}
            }
        }
    }

    /// With a server that is silent for good, all requests are answered, and it either is over or goes on trying.
    fn left_alone(&mut self) {
        let until = self.now.plus(60_000);
        for _ in 0..2_000 {
            if self.is_over || self.now > until {
                break;
            }
            let wake = self.wake_at.take().expect("who is not over wants to be woken");
            assert!(wake <= self.now.plus(60_000), "it sleeps for too long");
            self.now = self.now.max(wake);
            self.session.timer(self.now);
            self.collect();
        }
        assert!(self.is_over || self.now > until, "it is woken without end");
        let unanswered: Vec<_> = self.asked.iter().filter(|(_, answers)| **answers != 1).collect();
        assert!(unanswered.is_empty(), "no answer: {unanswered:?}");
    }
}
