//! What can be done with a phone, sensible or silly.

use crate::doing::{Do, PhoneNo, ResidentNo};
use crate::phone::{Asked, Part, Shown};
use crate::town::{Fault, Town};
use serde_json::{Value, json};
use tsuwa_proto::{CallId, CallStage, CallType, InvitationId};

#[derive(Clone)]
pub(crate) enum Deed {
    Call(ResidentNo, CallType, Option<u64>),
    Group(Vec<ResidentNo>, CallType),
    /// Call, and hang up before the answer is there.
    CallAndHangup(ResidentNo),
    HangupUnanswered,
    Accept(Option<Part>),
    Reject(Option<Part>),
    Hangup,
    /// Declines what rings, while its network is away for so many milliseconds.
    DeclineUnheard(u64),
    Mute(bool),
    Camera(bool),
    Logout,
    Renew,
    Kill,
    NetworkChanges,
    /// Asks for its media anew.
    Restart,
    Silly(u64),
}

impl Town {
    pub(crate) fn deed(&mut self, phone: PhoneNo, deed: Deed) {
        if self.phones[phone].session.is_none() {
            return;
        }
        let shown = self.phones[phone].view.call.as_ref().map(|shown| shown.id);
        match deed {
            Deed::Call(who, kind, timeout_s) => self.invite(phone, &[who], false, kind, timeout_s),
            Deed::Group(who, kind) => self.invite(phone, &who, true, kind, None),
            Deed::CallAndHangup(who) => {
                self.invite(phone, &[who], false, CallType::Audio, None);
                let at = self.now + self.dice.below(60);
                self.queue.put(at, Do::Deed(phone, Deed::HangupUnanswered));
            }
            Deed::HangupUnanswered => self.hang_up_unanswered(phone),
            Deed::Accept(part) => self.ask(phone, Asked::Accept(part), "accept", naming(part)),
            Deed::Reject(part) => self.ask(phone, Asked::Reject(part), "reject", naming(part)),
            Deed::Hangup => {
                let Some(part) = self.phones[phone].view.call.as_ref().map(Shown::part) else { return };
                self.phones[phone].view.leave(part);
                self.phones[phone].hung_up.insert(part);
                for asked in self.phones[phone].asked.values_mut() {
                    if let Asked::Invite { abandoned, .. } = asked {
                        *abandoned = true;
                    }
                }
                self.say_hung_up(phone, part);
            }
            Deed::DeclineUnheard(ms) => {
                let ringing = |shown: &&Shown| shown.stage == CallStage::Ringing;
                let Some(part) = self.phones[phone].view.call.as_ref().filter(ringing).map(Shown::part) else { return };
                self.go_away(phone, ms);
                let deed = if self.dice.chance(500) { Deed::Reject(Some(part)) } else { Deed::Hangup };
                self.deed(phone, deed);
            }
            Deed::Mute(is_mute) => {
                let Some(call) = shown else { return };
                // One who sends all the same is stopped by the room.
                self.phones[phone].muted = is_mute && self.dice.chance(700);
                let params = json!({ "callId": call, "isMute": is_mute });
                self.ask(phone, Asked::Mute(call, is_mute), "setMicMute", params);
            }
            Deed::Camera(is_open) => {
                let Some(call) = shown else { return };
                self.phones[phone].camera = is_open || self.dice.chance(200);
                let method = if is_open { "openCamera" } else { "closeCamera" };
                self.ask(phone, Asked::Camera(call, is_open), method, json!({ "callId": call }));
            }
            Deed::Logout => {
                let rings =
                    self.phones[phone].view.call.as_ref().is_some_and(|shown| shown.stage == CallStage::Ringing);
                self.ask(phone, Asked::Logout(shown, rings), "logout", json!({}));
            }
            Deed::Renew => self.renew(phone),
            Deed::Kill => {
                self.kill_app(phone);
                let (from, to) = if self.dice.chance(750) { (100, 4_000) } else { (20_000, 90_000) };
                self.app_later(phone, from, to);
            }
            Deed::NetworkChanges => {
                let now = self.phones[phone].clock.at(self.now);
                if let Some(session) = &mut self.phones[phone].session {
                    session.network_changed(now);
                }
                self.counts.fault(Fault::NetworkChanged);
                self.collect(phone);
            }
            Deed::Restart => {
                let Some(call) = shown else { return };
                self.ask(phone, Asked::Media, "mediaRestart", json!({ "callId": call }));
            }
            Deed::Silly(which) => self.silly(phone, which),
        }
    }

    fn invite(&mut self, phone: PhoneNo, who: &[ResidentNo], group: bool, kind: CallType, timeout_s: Option<u64>) {
        let ids: Vec<&str> = who.iter().map(|who| self.residents[*who].id.as_str()).collect();
        let mut params = json!({ "type": u8::from(kind) });
        if let Some(timeout_s) = timeout_s {
            params["timeout"] = timeout_s.into();
        }
        let method = if group {
            params["userIds"] = ids.into();
            "groupCall"
        } else {
            params["userId"] = ids.first().copied().into();
            "call"
        };
        let into = self.phones[phone].view.call.as_ref().map(|shown| shown.id);
        let asked = Asked::Invite { who: who.to_vec(), group, kind, abandoned: false, into };
        self.ask(phone, asked, method, params);
    }

    fn hang_up_unanswered(&mut self, phone: PhoneNo) {
        let waiting = |asked: &&mut Asked| matches!(asked, Asked::Invite { abandoned: false, into: None, .. });
        let ids: Vec<_> =
            self.phones[phone].asked.iter_mut().filter(|(_, asked)| waiting(asked)).map(|(id, _)| *id).collect();
        for id in ids {
            if let Some(Asked::Invite { abandoned, .. }) = self.phones[phone].asked.get_mut(&id) {
                *abandoned = true;
            }
            self.ask(phone, Asked::Hangup(None), "hangup", json!({ "request": id }));
        }
    }

    /// What nobody should ask, and somebody does.
    fn silly(&mut self, phone: PhoneNo, which: u64) {
        let me = self.residents[self.phones[phone].owner].id.as_str().to_owned();
        let shown = self.phones[phone].view.call.as_ref().map(|shown| shown.id);
        let over = self.books.some_call(self.dice.draw());
        // What rang here once; or some call, whatever rings.
        let rang: Vec<Part> = self.phones[phone].rang.iter().copied().collect();
        let earlier = self.dice.one(&rang).filter(|_| self.dice.chance(700));
        let earlier = naming(earlier.or(Some(Part { call: over, invitation: None })));
        let everybody: Vec<String> = self.residents.iter().map(|each| each.id.as_str().to_owned()).collect();
        let other = everybody[self.dice.index(everybody.len())].clone();
        let (method, params) = match which {
            0 | 1 => ("call", json!({ "userId": me, "type": 1 })),
            2 => ("groupCall", json!({ "userIds": [me, other], "type": 1 })),
            3 => ("call", json!({ "userId": other })),
            4 => ("call", json!({ "userId": other, "type": 3 })),
            5 => ("call", json!({ "userId": other, "type": 1, "timeout": 0 })),
            6 => ("call", json!({ "userId": other, "type": 1, "timeout": 301 })),
            7 => ("call", json!({ "userId": "", "type": 1 })),
            8 => ("call", json!({ "userId": "no such, user", "type": 1 })),
            9 => ("call", json!({ "userId": "a-name-that-is-longer-than-anybody-s", "type": 1 })),
            10 => ("groupCall", json!({ "userIds": [], "type": 1 })),
            11 => ("groupCall", json!({ "userIds": everybody, "type": 1 })),
            12 => ("dance", json!({})),
            13..=16 => ("accept", earlier),
            17..=19 => ("reject", earlier),
            20..=22 => ("hangup", earlier),
            23 => ("setMicMute", json!({ "callId": over, "isMute": true })),
            24 => ("accept", json!({})),
            25 => ("hangup", json!({ "request": 0 })),
            26 => ("mediaAnswer", json!({ "callId": over, "offerId": 1, "sdp": "v=0" })),
            27 => ("setMicMute", json!({ "callId": shown, "isMute": 7 })),
            28 => ("login", json!({ "sdkAppId": 1, "userId": other, "userSig": "x", "deviceId": "d" })),
            29 => ("resume", json!({ "sdkAppId": 1, "sessionId": "1", "resumeToken": "x", "lastSeq": 0 })),
            30 => ("hangup", json!({ "callId": "not a call" })),
            // Somebody who is in the call already.
            31..=34 => {
                let users = self.phones[phone].view.call.as_ref().map(|shown| shown.users.keys().next());
                let present = users.flatten().map_or(other, |user| user.as_str().to_owned());
                ("call", json!({ "userId": present, "type": 1 }))
            }
            35 => {
                // More than anybody has use for.
                for _ in 0..300 {
                    self.say_hung_up(phone, Part { call: over, invitation: None });
                }
                return;
            }
            _ => ("accept", json!({ "callId": shown })),
        };
        let asked = self.what_it_is(method, &params, shown);
        self.ask(phone, asked, method, params);
    }

    /// Silliness may succeed, and is then to be taken as what it is.
    fn what_it_is(&self, method: &str, params: &Value, shown: Option<CallId>) -> Asked {
        let call = params.get("callId").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let invitation = params.get("invitationId").and_then(Value::as_u64).map(InvitationId);
        let part = call.map(|call| Part { call, invitation });
        match method {
            "call" | "groupCall" => Asked::Invite {
                who: Vec::new(),
                group: method == "groupCall",
                kind: CallType::Audio,
                abandoned: false,
                into: shown,
            },
            "accept" => Asked::Accept(part),
            "reject" => Asked::Reject(part),
            "hangup" if part.is_some() => Asked::Hangup(part),
            _ => Asked::Nonsense,
        }
    }
}

/// The parameters of an answer: what is answered, as far as it is said.
pub(crate) fn naming(part: Option<Part>) -> Value {
    match part {
        Some(Part { call, invitation: Some(invitation) }) => json!({ "callId": call, "invitationId": invitation }),
        Some(Part { call, invitation: None }) => json!({ "callId": call }),
        None => json!({}),
    }
}
