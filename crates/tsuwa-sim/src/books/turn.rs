//! One entry's effects, followed.

use super::Books;
use super::account::{Account, Invited};
use super::story::Stage;
use crate::laws::{Law, Laws};
use tsuwa_call::{AdminAct, MediaReport, Note, SignedOutWhy};
use tsuwa_exchange::{Effect, EffectKind, Entry, Input};
use tsuwa_proto::{
    Act, CallId, CallOutcome, Event, HangupTarget, InvitationId, Invite, Outcome, RequestId, SessionId, UserId,
};

impl Books {
    /// What an input says by itself.
    pub(super) fn before(&mut self, entry: &Entry) {
        match &entry.input {
            Input::Started => {
                self.shadow.started();
                self.stories.iter_mut().for_each(|story| story.socket_up = false);
            }
            Input::Socket { session, up } => self.socket(*session, *up),
            Input::Resume { session, .. } | Input::Request { session, .. } => self.socket(*session, true),
            Input::Media(MediaReport::RoomLost { call }) => self.shadow.lost(*call),
            Input::Media(MediaReport::Up { call, at } | MediaReport::Back { call, at }) => {
                if let Some(account) = self.calls.get_mut(call) {
                    account.had_media.insert(at.clone());
                }
            }
            _ => {}
        }
    }

    fn socket(&mut self, session: SessionId, up: bool) {
        if let Some(phone) = self.of_session.get(&session).copied()
            && self.stories[phone].session == Some(session)
        {
            self.stories[phone].socket_up = up;
            self.touched.insert(phone);
        }
    }

    pub(super) fn follow(&mut self, entry: &Entry, effect: &EffectKind, all: &[Effect], laws: &mut Laws) {
        match effect {
            EffectKind::SignedIn { session, at, call, .. } => {
                let Some(phone) = self.phone_at(at) else { return };
                self.touched.insert(phone);
                if let Input::SignIn { .. } = entry.input {
                    self.stories[phone].signs_in(*session, call.as_ref());
                    self.of_session.insert(*session, phone);
                }
            }
            EffectKind::Resumed { session, .. } => self.socket(*session, true),
            EffectKind::Close { session, why } => self.closes(*session, *why, laws),
            EffectKind::Lapsed { session } => {
                if let Some(phone) = self.of_session.get(session).copied() {
                    self.touched.insert(phone);
                    let story = &mut self.stories[phone];
                    (story.session, story.socket_up) = (None, false);
                    story.given_up = !matches!(entry.input, Input::Tick);
                    if let Stage::Ringing(_) = story.stage {
                        story.stage = Stage::Free;
                    }
                }
            }
            EffectKind::Event { session, seq, event } => {
                let made = self.made.make(*session, *seq, event);
                laws.hold(Law::SeenIsMade, made.is_ok(), || {
                    format!("event {} of session {session}: {}", seq.0, made.unwrap_err())
                });
                if made == Ok(true) {
                    self.told(*session, event, laws);
                }
            }
            EffectKind::Reply { session, id, outcome } => self.replied(entry, *session, *id, outcome, all, laws),
            EffectKind::AdminReply { result, .. } => {
                if let (Ok(_), Input::Admin { act: AdminAct::SetPolicy(policy), .. }) = (result, &entry.input) {
                    self.policy = policy.clone();
                }
            }
            EffectKind::Media(command) => {
                let legal = self.shadow.follow(command);
                laws.hold(Law::RoomsObey, legal.is_ok(), || format!("{command:?}: {}", legal.unwrap_err()));
                if let tsuwa_call::MediaCommand::Admit { .. } = command {
                    let bad = self.shadow.without_consent();
                    laws.hold(Law::Consent, bad.is_none(), || format!("{bad:?} was let through"));
                }
            }
            EffectKind::Note(note) => self.noted(entry, note, laws),
            _ => {}
        }
    }

    fn closes(&mut self, session: SessionId, why: SignedOutWhy, laws: &mut Laws) {
        let Some(phone) = self.of_session.get(&session).copied() else { return };
        let story = &mut self.stories[phone];
        if story.session != Some(session) {
            return;
        }
        story.session = None;
        story.socket_up = false;
        if let Stage::Ringing(_) = story.stage {
            story.stage = Stage::Free;
        }
        let ended = why == SignedOutWhy::Replaced || story.stage == Stage::Free;
        laws.hold(Law::OneEnd, ended, || format!("{} is signed out within a call", self.keys[phone].device.as_str()));
    }

    fn told(&mut self, session: SessionId, event: &Event, laws: &mut Laws) {
        let Some(phone) = self.of_session.get(&session).copied() else { return };
        self.touched.insert(phone);
        if let Event::OnInvited { call_id, invitation_id, .. } = event {
            self.named(phone, *call_id, *invitation_id, laws);
        }
        let story = &mut self.stories[phone];
        let live = story.session == Some(session);
        let before = story.stage.clone();
        let legal = if live { story.hears(event) } else { Err("an event of a session that is over") };
        let law = if matches!(event, Event::OnCallEnd { .. }) { Law::OneEnd } else { Law::LegalStory };
        laws.hold(law, legal.is_ok(), || {
            let name = self.keys[phone].device.as_str();
            format!(
                "{name} at {}: {}: {}",
                crate::trace::story(&before),
                crate::trace::event(event),
                legal.unwrap_err()
            )
        });
        if let Event::OnUserEnter { .. } | Event::OnUserLeave { .. } | Event::OnCallEnd { .. } = event {
            self.changed.extend(event.call_id());
        }
    }

    fn replied(
        &mut self,
        entry: &Entry,
        session: SessionId,
        id: RequestId,
        outcome: &Outcome,
        all: &[Effect],
        laws: &mut Laws,
    ) {
        let Input::Request { session: of, id: asked, act } = &entry.input else {
            return laws.hold(Law::AnsweredOnce, false, || "an answer to nothing".to_owned());
        };
        laws.hold(Law::AnsweredOnce, *of == session && *asked == id, || "an answer to another request".to_owned());
        let Some(phone) = self.of_session.get(&session).copied() else { return };
        if self.stories[phone].session != Some(session) {
            let refused = outcome.is_err();
            return laws.hold(Law::AnsweredOnce, refused, || "a session that is over is obeyed".to_owned());
        }
        if let Some(known) = self.results.get(&(session, id)) {
            let forgotten = outcome.as_ref().is_err_and(|refusal| refusal.desc.contains("no longer kept"));
            laws.hold(Law::AnsweredOnce, known == outcome || forgotten, || {
                format!("request {} is answered otherwise", id.0)
            });
            let again = all.iter().any(|effect| matches!(effect.what, EffectKind::Note(_)));
            return laws.hold(Law::AnsweredOnce, !again, || format!("request {} is done twice", id.0));
        }
        self.results.insert((session, id), outcome.clone());
        let at = self.keys[phone].clone();
        self.glare(phone, act, outcome, laws);
        self.answer(phone, session, act, outcome, laws);
        if outcome.is_err() {
            let changes = |effect: &Effect| matches!(effect.what, EffectKind::Note(_));
            let changes = all.iter().any(changes);
            return laws
                .hold(Law::RefusedChangesNothing, !changes, || format!("request {} was refused, and done", id.0));
        }
        let named = call_named(outcome);
        let legal = match act {
            Act::Call { user_id, invite } => {
                self.invited(entry, phone, named, std::slice::from_ref(user_id), invite, all)
            }
            Act::GroupCall { user_ids, invite } => self.invited(entry, phone, named, user_ids, invite, all),
            Act::Accept { call_id, .. } => self.accepted(entry, phone, *call_id),
            Act::Reject { call_id, .. } => self.parted(entry, phone, *call_id),
            Act::Hangup { target, .. } => {
                let call = match target {
                    HangupTarget::Call(call) => Some(*call),
                    HangupTarget::Request(earlier) => self.results.get(&(session, *earlier)).and_then(call_named),
                };
                self.parted(entry, phone, call)
            }
            Act::Logout => {
                self.stories[phone].stage = Stage::Free;
                Ok(())
            }
            Act::SetMicMute { .. } | Act::SetCamera { .. } => Ok(()),
        };
        self.touched.insert(phone);
        self.changed.extend(
            self.live
                .iter()
                .copied()
                .filter(|call| self.calls.get(call).is_some_and(|account| account.concerns(&at.user))),
        );
        laws.hold(Law::LegalStory, legal.is_ok(), || {
            format!("{}: {act:?}: {}", at.device.as_str(), legal.unwrap_err())
        });
    }

    fn invited(
        &mut self,
        entry: &Entry,
        phone: usize,
        named: Option<CallId>,
        listed: &[UserId],
        invite: &Invite,
        all: &[Effect],
    ) -> Result<(), &'static str> {
        let Some(call) = named else { return Err("a call without its id") };
        let at = self.keys[phone].clone();
        if self.stories[phone].rings(call) {
            // Glare: it is its answer.
            return self.accepted(entry, phone, Some(call));
        }
        self.stories[phone].joins(call)?;
        self.shadow.consents(call, &at);
        self.changed.insert(call);
        if !self.calls.contains_key(&call) {
            self.live.insert(call);
            self.calls.insert(call, Account::new(at.clone(), invite.kind, entry.at));
        }
        let timeout_s = invite.timeout_s.unwrap_or(self.policy.ring_timeout_s);
        let until = entry.at.plus(u64::from(timeout_s) * 1000);
        let mut callees: Vec<&UserId> = Vec::new();
        for callee in listed {
            let already = self.calls.get(&call).is_some_and(|account| account.concerns(callee));
            if !already && !callees.contains(&callee) {
                callees.push(callee);
            }
        }
        let heard = |wanted: &dyn Fn(&Event) -> bool| {
            all.iter().any(|effect| matches!(&effect.what, EffectKind::Event { event, .. } if wanted(event)))
        };
        let mut invited = Vec::new();
        for callee in callees {
            let busy = heard(&|event| matches!(event, Event::OnLineBusy { user_id, .. } if user_id == callee));
            let refused = heard(&|event| matches!(event, Event::OnReject { user_id, .. } if user_id == callee));
            let is_busy =
                self.live.iter().any(|live| self.calls.get(live).is_some_and(|account| account.concerns(callee)));
            if busy != (is_busy && !refused) && !self.uncertain {
                return Err("busy is who is in a call or invited to one, and nobody else");
            }
            let at_once = if refused { Some(CallOutcome::Declined) } else { busy.then_some(CallOutcome::Busy) };
            // Whose phones are signed in, be they away; of one whose session was given up it can't be told.
            let phones = self.phones_of(callee);
            let rings = phones.iter().any(|phone| self.stories[*phone].session.is_some());
            let given_up = phones.iter().any(|phone| self.stories[*phone].given_up);
            let invited_now = Invited {
                id: InvitationId(entry.position.saturating_sub(call.0) + 1),
                inviter: at.user.clone(),
                callee: callee.clone(),
                kind: invite.kind,
                at: entry.at,
                until: at_once.is_none().then_some(until),
                rang: if at_once.is_some() { Some(false) } else { (rings || !given_up).then_some(rings) },
                ended: at_once.map(|outcome| (entry.at, outcome, None)),
            };
            invited.push((refused, invited_now));
        }
        // Who was refused is noted first.
        invited.sort_by_key(|(refused, _)| !refused);
        if let Some(account) = self.calls.get_mut(&call) {
            account.vague |= self.uncertain;
            account.invitations.extend(invited.into_iter().map(|(_, invited)| invited));
        }
        Ok(())
    }

    fn accepted(&mut self, entry: &Entry, phone: usize, call: Option<CallId>) -> Result<(), &'static str> {
        let Some(call) = call else { return Err("it accepts nothing") };
        let at = self.keys[phone].clone();
        if !self.stories[phone].rings(call) {
            return Err("it accepts what does not ring");
        }
        self.stories[phone].joins(call)?;
        self.shadow.consents(call, &at);
        self.changed.insert(call);
        self.touched.extend(self.phones_of(&at.user));
        let Some(account) = self.calls.get_mut(&call) else { return Err("there is no such call") };
        let Some(invited) = account.standing(&at.user) else { return Err("it was not invited") };
        invited.ended = Some((entry.at, CallOutcome::Answered, Some(at.device.clone())));
        account.join(&at, entry.at);
        Ok(())
    }

    /// By its own act it has left, or declined.
    fn parted(&mut self, entry: &Entry, phone: usize, call: Option<CallId>) -> Result<(), &'static str> {
        let Some(call) = call else { return Err("it hangs up nothing") };
        let at = self.keys[phone].clone();
        self.changed.insert(call);
        let story = &mut self.stories[phone];
        if story.rings(call) {
            story.stage = Stage::Free;
            self.touched.extend(self.phones_of(&at.user));
            let standing = self.calls.get_mut(&call).and_then(|account| account.standing(&at.user));
            let Some(invited) = standing else { return Err("it declines what it was not invited to") };
            invited.ended = Some((entry.at, CallOutcome::Declined, Some(at.device)));
        } else if story.is_in(call) {
            story.stage = Stage::Free;
        } else {
            return Err("it leaves where it is not");
        }
        Ok(())
    }

    /// The ends of invitations that nobody's own act brought about; and that each ends once.
    fn noted(&mut self, entry: &Entry, note: &Note, laws: &mut Laws) {
        let call = note.call();
        self.changed.insert(call);
        let Note::InvitationEnded { callee, how, stood, .. } = note else { return };
        let outcome = match how {
            tsuwa_call::HowEnded::Accepted => CallOutcome::Answered,
            tsuwa_call::HowEnded::Rejected => CallOutcome::Declined,
            tsuwa_call::HowEnded::Busy => CallOutcome::Busy,
            tsuwa_call::HowEnded::NoResponse => CallOutcome::NoAnswer,
            tsuwa_call::HowEnded::Cancelled => CallOutcome::Cancelled,
        };
        let phones = self.phones_of(callee);
        self.touched.extend(phones);
        let uncertain = self.uncertain;
        let Some(account) = self.calls.get_mut(&call) else {
            return laws.hold(Law::InvitationEndsOnce, false, || format!("in call {call}, which nobody began"));
        };
        account.vague |= uncertain;
        let by_act = matches!(outcome, CallOutcome::Answered | CallOutcome::Declined | CallOutcome::Busy) || !stood;
        if by_act {
            // Already written down, by the act.
            let known = account.invitations.iter().rev().find(|invited| invited.callee == *callee);
            let same = known.is_some_and(|known| match &known.ended {
                Some(end) => end.0 == entry.at && end.1 == outcome,
                // Its reply is still to come among this entry's effects; the census sees whether it does.
                None => outcome == CallOutcome::Answered,
            });
            return laws.hold(Law::InvitationEndsOnce, same || uncertain, || {
                format!("{} in call {call}: {how:?}", callee.as_str())
            });
        }
        let standing = account.standing(callee);
        let legal = match standing {
            None => false,
            Some(invited) => {
                let in_time = outcome != CallOutcome::NoAnswer
                    || (matches!(entry.input, Input::Tick) && invited.until.is_some_and(|until| until <= entry.at));
                invited.ended = Some((entry.at, outcome, None));
                in_time
            }
        };
        laws.hold(Law::InvitationEndsOnce, legal, || format!("{} in call {call}: {how:?}", callee.as_str()));
    }
}

pub(super) fn call_named(outcome: &Outcome) -> Option<CallId> {
    outcome.as_ref().ok()?.get("callId")?.as_str()?.parse().ok()
}
