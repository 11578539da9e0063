//! What a phone is told.

use super::{Asked, Part, Shown};
use crate::doing::PhoneNo;
use crate::laws::Law;
use crate::people::Deed;
use crate::people::naming;
use crate::rows::Line;
use crate::town::Town;
use serde_json::{Value, json};
use tsuwa_proto::{
    CallId, CallStage, Code, Event, EventSeq, InvitationId, Outcome, RequestId, Signal, UserId, Welcome,
};

/// So many ringings of old are remembered, to be answered late.
const RANG: usize = 8;

impl Town {
    pub(crate) fn signed_in(&mut self, phone: PhoneNo, welcome: Welcome) {
        let (now, found) = (self.now, &mut self.phones[phone]);
        let first = std::mem::take(&mut found.first);
        found.present = Some(welcome.session_id);
        found.signed_in_at = now;
        found.expired = false;
        let odd = found.view.find(welcome.call.as_ref(), first, &found.hung_up);
        self.counts.sign_ins += 1;
        if let Some(part) = odd {
            self.say_hung_up(phone, part);
        }
    }

    pub(crate) fn say_hung_up(&mut self, phone: PhoneNo, part: Part) {
        self.ask(phone, Asked::Hangup(Some(part)), "hangup", naming(Some(part)));
    }

    /// A session goes on. In a call that the app knows nothing of, nobody is to stay.
    pub(crate) fn resumed(&mut self, phone: PhoneNo, welcome: &Welcome) {
        let found = &self.phones[phone];
        let asking = found.asked.values().any(|asked| matches!(asked, Asked::Invite { .. } | Asked::Accept(_)));
        let state = welcome.call.as_ref().filter(|state| state.stage != CallStage::Ringing);
        if let (None, Some(state)) = (&found.view.call, state)
            && (!asking || found.hung_up.contains(&Part::of(state)))
        {
            self.say_hung_up(phone, Part::of(state));
        }
    }

    pub(crate) fn hear(&mut self, phone: PhoneNo, seq: EventSeq, event: Event) {
        say!(self, "{} hears {}", self.name(phone), crate::trace::event(&event));
        self.counts.events += 1;
        if let Some(session) = self.phones[phone].present {
            let seen = self.books.seen(session, seq, &event);
            self.laws.hold(Law::SeenIsMade, seen.is_ok(), || {
                format!(
                    "{} sees {}: {}",
                    self.phones[phone].at.device.as_str(),
                    crate::trace::event(&event),
                    seen.unwrap_err()
                )
            });
        }
        let asking = self.phones[phone].asked.values().any(|asked| matches!(asked, Asked::Invite { .. }));
        let found = &mut self.phones[phone];
        if let Event::OnInvited { call_id, invitation_id, .. } = &event {
            let part = Part::new(*call_id, *invitation_id);
            if found.hung_up.contains(&part) {
                // Declined here; a new sign-in was told of it before the server was told of that.
                return;
            }
            // It rings anew: what was left was an earlier time.
            found.hung_up.retain(|left| left.call != *call_id);
            found.rang.push_front(part);
            found.rang.truncate(RANG);
        }
        // Of a call that its user is leaving, the answer to that may come behind what follows it.
        let shown = found.view.call.as_ref().map(Shown::part);
        let leaves = |part: &Option<Part>| part.zip(shown).is_some_and(|(part, shown)| part.is(shown));
        let leaving = |asked: &Asked| matches!(asked, Asked::Reject(part) | Asked::Hangup(part) if leaves(part));
        let unnamed = shown.is_some_and(|shown| found.unnamed.contains(&shown.call));
        let parting = found.asked.values().any(leaving) || unnamed || found.shows_what_it_gave_up();
        let legal = found.view.hear(&event, asking, parting);
        self.laws.hold(Law::LegalStory, legal.is_ok(), || {
            let (name, view) = (found.at.device.as_str(), &found.view.call);
            format!("{name}: {} at {}, which shows {view:?}", legal.unwrap_err(), crate::trace::event(&event))
        });
        match &event {
            Event::OnUserSigExpired {} => found.expired = true,
            Event::OnCallEnd { call_id, .. } | Event::OnCallingCancel { call_id, .. }
                if !found.view.shows(*call_id) =>
            {
                found.muted = false;
            }
            _ => {}
        }
        let of = event.call_id().or_else(|| found.view.call.as_ref().map(|shown| shown.id));
        self.tales.add(self.now, phone, of, Line::Saw(event.clone()));
        if let Event::OnLineBusy { user_id, call_id } = &event {
            self.note_if_it_rings_there(phone, *call_id, user_id);
        }
        self.hang_up_doubtful(phone);
        self.moved_by(phone, &event);
    }

    /// Whether it was busy because something else rings there.
    fn note_if_it_rings_there(&mut self, phone: PhoneNo, call: CallId, user: &UserId) {
        let Some(other) = self.residents.iter().find(|resident| resident.id == *user) else { return };
        let rings = |phone: &PhoneNo| {
            let shown = self.phones[*phone].view.call.as_ref();
            shown.is_some_and(|shown| shown.stage == CallStage::Ringing && shown.id != call)
        };
        if other.phones.iter().any(rings) {
            self.tales.add(self.now, phone, Some(call), Line::RingsThere);
        }
    }

    pub(crate) fn signalled(&mut self, phone: PhoneNo, signal: Signal) {
        let Signal::MediaOffer { call_id, offer_id, .. } = signal else { return };
        let found = &mut self.phones[phone];
        found.transport = Some(call_id);
        let sdp = if found.bad_answers { "nonsense" } else { "v=0" };
        let params = json!({ "callId": call_id, "offerId": offer_id, "sdp": sdp });
        self.ask(phone, Asked::Media, "mediaAnswer", params);
    }

    /// The answer to a request.
    pub(crate) fn answered_to(&mut self, phone: PhoneNo, id: RequestId, outcome: Outcome) {
        let code = outcome.as_ref().map_or_else(|refusal| Some(refusal.code), |_| None);
        if let Some(code) = code {
            self.counts.refusal(code);
        }
        let Some(asked) = self.phones[phone].asked.remove(&id) else {
            return self.laws.hold(Law::AnsweredOnce, false, || format!("an answer to request {}, again", id.0));
        };
        self.laws.hold(Law::AnsweredOnce, true, String::new);
        say!(self, "{} is answered {id:?} {asked:?}: {}", self.name(phone), code.map_or(0, Code::number));
        let got = outcome.ok().and_then(|result| part_named(&result));
        let of = got.map(|part| part.call).or_else(|| asked.call());
        self.tales.add(self.now, phone, of, Line::Got(asked.clone(), code));
        let lost = matches!(code, Some(Code::NoAnswer | Code::NoConnection));
        match asked {
            Asked::Invite { abandoned, .. } => match (got, abandoned) {
                (Some(part), false) => {
                    self.phones[phone].view.got(part);
                    self.begins(phone, part.call);
                }
                // It was to be over with the call that there was, or with its own `hangup`; if it began another, not yet.
                (Some(part), true) => {
                    self.phones[phone].view.leave(part);
                    self.say_hung_up(phone, part);
                }
                // The app takes it for failed: nobody is to be rung by it.
                // While there is a call it may have been into that one, which is to go on.
                (None, _) if lost => self.phones[phone].doubtful.push(id),
                (None, _) => {}
            },
            Asked::Accept(Some(part)) if code.is_none() => {
                self.phones[phone].view.accepted(got.unwrap_or(part));
                self.begins(phone, part.call);
            }
            Asked::Reject(Some(part)) if code.is_none() => self.parts(phone, part),
            // Carried to the server in any case; and if it had accepted before, without an answer either, it leaves.
            Asked::Reject(Some(part)) if lost => {
                self.phones[phone].view.leave(part);
                self.phones[phone].hung_up.insert(part);
                self.say_hung_up(phone, part);
            }
            Asked::Hangup(None) if code.is_none() => self.phones[phone].view.leave_what_was_not_answered(),
            Asked::Hangup(None) if lost => self.phones[phone].gave_up = true,
            Asked::Hangup(Some(part)) => {
                if code.is_none() {
                    self.parts(phone, part);
                } else if lost {
                    // Carried to the server in any case; without the invitation's name, whatever of the call stands by then.
                    if part.invitation.is_none() {
                        self.phones[phone].unnamed.insert(part.call);
                    }
                    self.phones[phone].view.leave(part);
                }
                if !lost && code != Some(Code::RateLimited) {
                    self.phones[phone].hung_up.remove(&part);
                }
            }
            _ => {}
        }
        self.hang_up_doubtful(phone);
        self.settled(phone);
    }

    /// It was heard that this phone leaves, or declines.
    fn parts(&mut self, phone: PhoneNo, part: Part) {
        let found = &mut self.phones[phone];
        let rings = found.view.call.as_ref().is_some_and(|shown| shown.stage == CallStage::Ringing);
        if part.invitation.is_none() && rings {
            // This ringing, or an earlier one: who did not say which is not told.
            found.unnamed.insert(part.call);
        } else {
            found.view.leave(part);
        }
    }

    /// A `call` without an answer may have been taken all the same: nobody is to be rung by what the app took for failed.
    fn hang_up_doubtful(&mut self, phone: PhoneNo) {
        let asks = self.phones[phone].asked.values().any(|asked| matches!(asked, Asked::Invite { .. }));
        if self.phones[phone].view.call.is_none() && !asks {
            for id in std::mem::take(&mut self.phones[phone].doubtful) {
                self.ask(phone, Asked::Hangup(None), "hangup", json!({ "request": id }));
            }
        }
    }

    /// The microphone opens.
    fn begins(&mut self, phone: PhoneNo, call: CallId) {
        let found = &mut self.phones[phone];
        (found.muted, found.camera) = (false, false);
        if found.view.shows(call) && self.dice.chance(200) {
            let at = self.now + self.dice.within(300, 4_000);
            let deed = if self.dice.chance(500) { Deed::Mute(true) } else { Deed::Camera(true) };
            self.queue.put(at, crate::doing::Do::Deed(phone, deed));
        }
    }

    /// The server will not have this device any more.
    pub(crate) fn refused_for_good(&mut self, phone: PhoneNo, code: Code) {
        self.counts.refusal(code);
        self.forget_session(phone);
        if code == Code::SignedInElsewhere && self.dice.chance(400) {
            self.app_later(phone, 20_000, 60_000);
        } else {
            self.app_later(phone, 500, 8_000);
        }
    }

    /// If a phone is connected and nothing is on its way, what it shows is what the server has.
    pub(crate) fn settled(&mut self, phone: PhoneNo) {
        let found = &self.phones[phone];
        if !found.is_up() || !self.is_quiet(phone) || !self.server.alive || !self.server.is_idle() {
            return;
        }
        let exchange = &self.server.exchange;
        if exchange.session_of(&found.at) != found.present {
            let what = || format!("{} thinks that it is signed in", found.at.device.as_str());
            return self.laws.hold(Law::ViewAgrees, false, what);
        }
        let state = exchange.switchboard().call_of(&found.at);
        if let (Some(shown), None) = (&found.view.call, &state)
            && shown.stage == CallStage::Ringing
            && found.unnamed.contains(&shown.id)
        {
            let part = shown.part();
            return self.phones[phone].view.stop_ringing(part);
        }
        if state.is_none() && found.shows_what_it_gave_up() {
            return self.phones[phone].view.leave_what_was_not_answered();
        }
        let agree = match (&found.view.call, &state) {
            (None, None) => true,
            (Some(shown), Some(state)) => {
                let ringing = state.stage == CallStage::Ringing;
                shown.part() == Part::of(state)
                    && shown.stage == state.stage
                    && (ringing
                        || shown.users.len() == state.users.len()
                            && state
                                .users
                                .iter()
                                .all(|other| shown.users.get(&other.user_id) == Some(&[other.audio, other.video])))
            }
            _ => false,
        };
        self.laws.hold(Law::ViewAgrees, agree, || {
            let name = found.at.device.as_str();
            format!(
                "{name} shows {}, the server has {}",
                crate::trace::shown(&found.view),
                crate::trace::state(state.as_ref())
            )
        });
    }
}

fn part_named(result: &Value) -> Option<Part> {
    let invitation = result.get("invitationId")?.as_u64().map(InvitationId);
    Some(Part { call: result.get("callId")?.as_str()?.parse().ok()?, invitation })
}
