//! What a step led to, weighed: outputs in their order against what was before, and the state against the rules.

use crate::canonical::FAR;
use crate::moments::Moment;
use crate::properties::Promise;
use crate::rules::{Place, Rules};
use crate::step::Step;
use crate::system::{Leg, State};
use std::collections::BTreeSet;
use tsuwa_call::{DeviceKey, HowEnded, MediaCommand, MediaReport, Note, Output, Reply, SignedOutWhy};
use tsuwa_proto::{Act, CallId, CancelReason, Event, Quality, UserId};

/// Who is invited, who is in which call, and which calls there are, as the notes tell it.
struct Noted {
    calls: BTreeSet<CallId>,
    ringing: BTreeSet<(CallId, UserId)>,
    members: BTreeSet<(CallId, UserId)>,
}

impl Noted {
    fn of(rules: &Rules) -> Self {
        let each = |(id, call): (&CallId, &crate::rules::Call)| {
            call.members.keys().map(|user| (*id, user.clone())).collect::<Vec<_>>()
        };
        let ringing = rules.calls.iter().flat_map(|(id, call)| call.ringing.keys().map(|user| (*id, user.clone())));
        Self {
            calls: rules.calls.keys().copied().collect(),
            ringing: ringing.collect(),
            members: rules.calls.iter().flat_map(each).collect(),
        }
    }

    fn take(&mut self, note: &Note) -> bool {
        match note {
            Note::CallStarted { call, caller, .. } => {
                self.calls.insert(*call) && self.members.insert((*call, caller.user.clone()))
            }
            Note::Invited { call, callee, .. } => {
                self.calls.contains(call) && self.ringing.insert((*call, callee.clone()))
            }
            Note::InvitationEnded { call, callee, how, .. } => {
                let of = (*call, callee.clone());
                self.ringing.remove(&of) && (*how != HowEnded::Accepted || self.members.insert(of))
            }
            Note::Left { call, at, .. } => self.members.remove(&(*call, at.user.clone())),
            Note::CallEnded { call, .. } => self.calls.remove(call),
        }
    }
}

impl State {
    pub(crate) fn hold(&mut self, promise: Promise, holds: bool, why: impl FnOnce() -> String) {
        if !holds {
            self.broken.push((promise, why()));
        }
    }

    /// The consequences of a step, in their order.
    pub(crate) fn follow(&mut self, step: &Step, before: &Rules) {
        if let Step::SignIn(at) = step {
            let (mut in_call, mut invited) = (None, BTreeSet::new());
            if let Place::In(call, device) = self.rules.place(&at.user)
                && device == at.device
            {
                let by_it = self.rules.calls[&call].ringing.iter().filter(|(_, ringing)| ringing.inviter == at.user);
                (in_call, invited) = (Some(call), by_it.map(|(user, _)| user.clone()).collect());
            }
            self.stories.entry(at.clone()).or_default().begins(in_call, invited);
        }
        let mut noted = Noted::of(before);
        for output in std::mem::take(&mut self.outputs) {
            match output {
                Output::Reply(Ok(reply)) => self.done(step, &reply, before),
                Output::Reply(Err(_)) => {}
                Output::Event { to, event } => self.event(step, &to, &event, before),
                Output::SignedOut { at, why } => {
                    if why != SignedOutWhy::Replaced {
                        self.stories.entry(at).or_default().is_out();
                    }
                    if why == SignedOutWhy::Kicked {
                        self.moments.add(Moment::Kicked);
                    }
                }
                Output::Media(command) => self.command(&command),
                Output::Note(note) => {
                    let good = noted.take(&note);
                    self.hold(Promise::OneEnd, good, || format!("{note:?} can't follow what was noted before"));
                }
            }
        }
        let is = Noted::of(&self.rules);
        let same = noted.calls == is.calls && noted.ringing == is.ringing && noted.members == is.members;
        self.hold(Promise::OneEnd, same, || "what was noted is not what is".to_owned());
        self.look(step, before);
    }

    /// A device's own act was done.
    fn done(&mut self, step: &Step, reply: &Reply, before: &Rules) {
        let Step::Ask(at, act) = step else { return };
        let story = self.stories.entry(at.clone()).or_default();
        let Reply::Call { call_id, .. } = reply else { return story.is_out() };
        let answers = matches!(before.place(&at.user), Place::Ringing(_));
        let listed = match act {
            Act::Call { user_id, .. } if !answers => vec![user_id.clone()],
            Act::GroupCall { user_ids, .. } => user_ids.clone(),
            _ => Vec::new(),
        };
        let there = |user: &UserId| {
            before.calls.get(call_id).is_some_and(|c| c.members.contains_key(user) || c.ringing.contains_key(user))
        };
        story.is_in(*call_id, listed.into_iter().filter(|user| !there(user)));
    }

    fn event(&mut self, step: &Step, to: &DeviceKey, event: &Event, before: &Rules) {
        let story = self.stories.entry(to.clone()).or_default();
        let was_owed = story.owed.is_some();
        if let Err(why) = story.told(event) {
            self.hold(Promise::Stories, false, || format!("{to:?} {event:?}: {why}"));
        }
        let now = self.now;
        let (good, moment) = match event {
            Event::OnLineBusy { user_id, .. } => (before.place(user_id) != Place::Free, Some(Moment::Busy)),
            Event::OnNoResp { user_id, call_id } => {
                let ringing = before.calls.get(call_id).and_then(|c| c.ringing.get(user_id));
                (*step == Step::Tick && ringing.is_some_and(|r| r.until <= now), Some(Moment::TimedOut))
            }
            Event::OnReject { user_id, .. } => {
                let by = matches!(step, Step::Ask(at, Act::Reject { .. } | Act::Hangup { .. }) if at.user == *user_id);
                (by, Some(Moment::Rejected))
            }
            Event::OnCallingCancel { reason, .. } => (self.may_cancel(step, to, *reason), cancelled(*reason)),
            Event::OnCallEnd { .. } => (true, was_owed.then_some(Moment::EndToldLate)),
            Event::OnInvited { .. } => (true, matches!(step, Step::SignIn(_)).then_some(Moment::RungAtSignIn)),
            Event::OnNetworkQuality { quality: Quality::Unknown, .. } => (true, Some(Moment::BackInTime)),
            Event::OnError { .. } => (true, Some(Moment::MediaFailed)),
            _ => (true, None),
        };
        self.hold(Promise::Busy, good, || format!("{event:?} is not true"));
        moment.into_iter().for_each(|moment| self.moments.add(moment));
    }

    /// Whether this is why the ringing ends.
    fn may_cancel(&self, step: &Step, to: &DeviceKey, reason: Option<CancelReason>) -> bool {
        let own = |at: &DeviceKey| at.user == to.user && at.device != to.device;
        match (step, reason) {
            (Step::Ask(at, Act::Accept { .. } | Act::Call { .. }), Some(CancelReason::AnsweredElsewhere)) => own(at),
            (Step::Ask(at, Act::Reject { .. } | Act::Hangup { .. }), Some(CancelReason::RejectedElsewhere)) => own(at),
            (Step::Ask(at, Act::Hangup { .. } | Act::Logout), None) => at.user != to.user,
            (Step::Tick | Step::GiveUp(_), Some(CancelReason::CallerLost)) => true,
            (Step::EndCall(_), Some(CancelReason::EndedByServer)) => true,
            (Step::Media(MediaReport::PlaceFailed { .. }), Some(CancelReason::EndedByServer)) => true,
            // Put out, or without media.
            (Step::SignIn(at), None) => at.user != to.user,
            (Step::Tick | Step::Media(MediaReport::Failed { .. }), None) => true,
            _ => false,
        }
    }

    fn command(&mut self, command: &MediaCommand) {
        let good = match command {
            MediaCommand::Open { call } => self.rooms.open.insert(*call),
            MediaCommand::Leg { call, at, .. } => {
                self.rooms.legs.entry((*call, at.clone())).or_default();
                self.rooms.open.contains(call)
            }
            MediaCommand::Admit { call, at } => {
                let consented = self.is_in(*call, at);
                self.hold(Promise::Consent, consented, || format!("{at:?} is let into {call:?}"));
                match self.rooms.legs.get_mut(&(*call, at.clone())) {
                    Some(leg) => {
                        leg.admitted = true;
                        true
                    }
                    None => false,
                }
            }
            MediaCommand::Mute { .. } => true,
            MediaCommand::Drop { call, at } => {
                self.rooms.legs.remove(&(*call, at.clone()));
                true
            }
            MediaCommand::Close { call } => {
                self.rooms.legs.retain(|(of, _), _| of != call);
                self.rooms.open.remove(call)
            }
        };
        self.hold(Promise::Rooms, good, || format!("{command:?} does not fit the rooms that there are"));
    }

    /// The state after a step, and what every device believes.
    pub(crate) fn weigh(&mut self) {
        let mut users = BTreeSet::new();
        let mut twice = false;
        let live = self.board.live_calls();
        for call in &live {
            let members = call.members.iter().map(|m| &m.user_id);
            members.chain(&call.ringing).for_each(|user| twice |= !users.insert(user.clone()));
        }
        self.hold(Promise::OneCall, !twice, || "somebody is in two calls".to_owned());
        let same = live.len() == self.rules.calls.len()
            && live.iter().zip(&self.rules.calls).all(|(is, (id, should))| {
                is.call_id == *id
                    && is.ringing.iter().collect::<BTreeSet<_>>() == should.ringing.keys().collect()
                    && is.members.len() == should.members.len()
                    && is.members.iter().all(|m| {
                        let should = should.members.get(&m.user_id);
                        should.is_some_and(|s| s.device == m.device_id && s.lost_until.is_some() == m.lost)
                    })
            });
        let rules = &self.rules;
        let why = (!same).then(|| format!("{live:?} instead of {:?}", rules.calls));
        self.hold(Promise::Rules, same, || why.unwrap_or_default());
        let (is, should) = (self.board.deadline().filter(|at| at.0 < FAR), self.rules.deadline());
        self.hold(Promise::Deadlines, is == should, || format!("due at {is:?} instead of {should:?}"));
        self.weigh_rooms();
        self.weigh_stories();
    }

    fn weigh_rooms(&mut self) {
        let over = self.rooms.open.iter().any(|call| !self.rules.calls.contains_key(call));
        self.hold(Promise::Rooms, !over, || "a room without a call".to_owned());
        let mut without = Vec::new();
        for ((call, at), Leg { admitted, .. }) in &self.rooms.legs {
            let place = self.rules.place(&at.user);
            let rings = place == Place::Ringing(*call) && self.rules.devices.contains_key(at);
            let is_in = place == Place::In(*call, at.device.clone());
            if *admitted && !is_in {
                without.push((Promise::Consent, format!("{at:?} is let through and not in the call")));
            }
            if !rings && !is_in {
                without.push((Promise::Rooms, format!("{at:?} has a leg and is not concerned")));
            }
        }
        for (call, found) in &self.rules.calls {
            for (user, member) in &found.members {
                let at = DeviceKey { user: user.clone(), device: member.device.clone() };
                if !self.rooms.legs.get(&(*call, at)).is_some_and(|leg| leg.admitted) {
                    without.push((Promise::Consent, "a member is not let through".to_owned()));
                }
            }
        }
        self.broken.extend(without);
    }

    fn weigh_stories(&mut self) {
        let mut owes = false;
        let mut broken = Vec::new();
        for (at, story) in &mut self.stories {
            let was = story.owed;
            if let Err(why) = story.agrees(at, &self.rules) {
                broken.push((Promise::Agreement, format!("{at:?}: {why}")));
            }
            owes |= story.owed.is_some() && story.owed != was;
        }
        self.broken.extend(broken);
        if owes {
            self.forget_in_which_order_ends_are_owed();
        }
    }

    /// It only bounds how many are owed at all, and would make every state a new one.
    fn forget_in_which_order_ends_are_owed(&mut self) {
        let mut board = serde_json::to_value(&self.board).expect("the state can be written");
        board["owing"] = serde_json::json!([]);
        self.board = serde_json::from_value(board).expect("and read");
    }

    /// What the outputs alone don't show.
    fn look(&mut self, step: &Step, before: &Rules) {
        let joined = |rules: &Rules| rules.calls.values().map(|call| call.members.len()).max().unwrap_or(0);
        let (was, is) = (joined(before), joined(&self.rules));
        let rung = |rules: &Rules| rules.calls.values().map(|call| call.ringing.len()).max().unwrap_or(0);
        let (rang, rings) = (rung(before), rung(&self.rules));
        let mut seen = self.moments;
        let mut add = |moment| seen.add(moment);
        if rings > rang && rings == 2 {
            add(Moment::TwoRing);
        }
        if is > was && is > 2 {
            add(Moment::ThirdJoined);
        }
        if let Step::Ask(at, act) = step
            && let (Place::Ringing(call), Place::In(in_call, _)) = (before.place(&at.user), self.rules.place(&at.user))
            && call == in_call
        {
            let invitation = &before.calls[&call].ringing[&at.user];
            add(if matches!(act, Act::Call { .. }) { Moment::GlareJoined } else { Moment::Answered });
            if invitation.until <= self.now {
                add(Moment::AnsweredAtTheLast);
            }
            let inviter = &before.calls[&call].members.get(&invitation.inviter);
            if inviter.is_some_and(|member| member.lost_until.is_some()) {
                add(Moment::LostCallerAnswered);
            }
        }
        match step {
            Step::Restart if was > 1 => add(Moment::RestartedInACall),
            Step::Restart if rang > 0 => add(Moment::RestartedWhileRinging),
            Step::EndCall(_) => add(Moment::EndedByServer),
            Step::SignIn(at) if self.took_over(at, before) => add(Moment::RingingMovedOver),
            Step::Media(MediaReport::Lost { .. }) if is > 1 => add(Moment::LostBySilence),
            _ => {}
        }
        self.moments = seen;
    }

    /// Whether it rings at the device now in place of another one.
    fn took_over(&self, at: &DeviceKey, before: &Rules) -> bool {
        let in_place = before.devices.len() == self.rules.devices.len() && !before.devices.contains_key(at);
        in_place && matches!(self.rules.place(&at.user), Place::Ringing(_))
    }
}

fn cancelled(reason: Option<CancelReason>) -> Option<Moment> {
    Some(match reason {
        None => Moment::Cancelled,
        Some(CancelReason::AnsweredElsewhere) => Moment::AnsweredElsewhere,
        Some(CancelReason::RejectedElsewhere) => Moment::RejectedElsewhere,
        Some(CancelReason::CallerLost) => Moment::CallerLost,
        Some(CancelReason::EndedByServer) => return None,
    })
}
