//! What an app shows: it follows from what its listeners were told, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use tsuwa_proto::{CallId, CallStage, CallState, Event, InvitationId, UserId};

/// A call, and by which invitation it rings here or this phone is in it; without one where it was not named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Part {
    pub(crate) call: CallId,
    pub(crate) invitation: Option<InvitationId>,
}

impl Part {
    pub(crate) fn new(call: CallId, invitation: InvitationId) -> Self {
        Self { call, invitation: Some(invitation) }
    }

    pub(crate) fn of(state: &CallState) -> Self {
        Self::new(state.call_id, state.invitation_id)
    }

    /// The same, as far as is known.
    pub(crate) fn is(self, other: Self) -> bool {
        let invitations = self.invitation.zip(other.invitation);
        self.call == other.call && invitations.is_none_or(|(one, another)| one == another)
    }
}

#[derive(Clone, Default, Debug)]
pub(crate) struct View {
    pub(crate) call: Option<Shown>,
    /// Ends that were told of calls whose own answer has not come.
    ended: BTreeSet<CallId>,
    /// Somebody came into a call whose answer has not come.
    early: Option<Shown>,
    /// The user has left it, while events of it may still be on their way.
    left: Option<CallId>,
    /// As the session was told last.
    pub(crate) watched: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Shown {
    pub(crate) id: CallId,
    /// Not known of a call whose answer has not come.
    by: Option<InvitationId>,
    pub(crate) stage: CallStage,
    /// Who is there, and whether they are heard and seen.
    pub(crate) users: BTreeMap<UserId, [bool; 2]>,
    /// It rang, and somebody came in before this user's own answer was answered.
    pub(crate) before_answer: bool,
}

impl Shown {
    fn new(part: Part, stage: CallStage) -> Self {
        Self { id: part.call, by: part.invitation, stage, users: BTreeMap::new(), before_answer: false }
    }

    fn of(state: &CallState) -> Self {
        let users = state.users.iter().map(|other| (other.user_id.clone(), [other.audio, other.video])).collect();
        // Who only rings is not told who is there.
        let users = if state.stage == CallStage::Ringing { BTreeMap::new() } else { users };
        Self { users, ..Self::new(Part::of(state), state.stage) }
    }

    pub(crate) fn part(&self) -> Part {
        Part { call: self.id, invitation: self.by }
    }
}

impl View {
    pub(crate) fn shows(&self, call: CallId) -> bool {
        self.call.as_ref().is_some_and(|shown| shown.id == call)
    }

    /// What an event changes; an objection if it can't be after what came before. `asking`: a `call` has no answer yet;
    /// `parting`: neither has what leaves the call that is shown.
    pub(crate) fn hear(&mut self, event: &Event, asking: bool, parting: bool) -> Result<(), &'static str> {
        let Some(call) = event.call_id() else { return Ok(()) };
        match event {
            Event::OnInvited { invitation_id, .. } => {
                let part = Part::new(call, *invitation_id);
                self.ended.remove(&call);
                self.left.take_if(|left| *left == call);
                if self.call.as_ref().is_some_and(|shown| shown.part() == part) {
                    // Told again at a new sign-in.
                    return Ok(());
                }
                if self.call.is_some() && !parting {
                    return Err("it rings in a call");
                }
                self.call = Some(Shown::new(part, CallStage::Ringing));
            }
            Event::OnCallingCancel { .. } | Event::OnCallingTimeOut { .. } => {
                if self.call.as_ref().is_some_and(|shown| shown.id == call && shown.stage != CallStage::Ringing) {
                    return Err("a call that was answered stops ringing");
                }
                self.call.take_if(|shown| shown.id == call);
            }
            Event::OnCallEnd { .. } => {
                self.ended.insert(call);
                self.call.take_if(|shown| shown.id == call);
                self.early.take_if(|shown| shown.id == call);
            }
            Event::OnUserEnter { user_id, .. } => {
                let shown = match &mut self.call {
                    Some(shown) if shown.id == call => shown,
                    None if asking && self.left != Some(call) => {
                        let part = Part { call, invitation: None };
                        self.early.get_or_insert_with(|| Shown::new(part, CallStage::Talking))
                    }
                    // Of a call that was left a moment ago.
                    _ => return Ok(()),
                };
                shown.before_answer |= shown.stage == CallStage::Ringing;
                shown.stage = CallStage::Talking;
                shown.users.entry(user_id.clone()).or_default();
            }
            Event::OnUserLeave { user_id, .. } => {
                if let Some(shown) = self.of(call)
                    && shown.users.remove(user_id).is_none()
                {
                    return Err("somebody leaves who is not there");
                }
            }
            Event::OnUserAudioAvailable { user_id, available, .. } => {
                return self.available(call, user_id, 0, *available);
            }
            Event::OnUserVideoAvailable { user_id, available, .. } => {
                return self.available(call, user_id, 1, *available);
            }
            _ => {}
        }
        Ok(())
    }

    fn of(&mut self, call: CallId) -> Option<&mut Shown> {
        let early = self.early.as_mut().filter(|shown| shown.id == call);
        self.call.as_mut().filter(|shown| shown.id == call).or(early)
    }

    fn available(&mut self, call: CallId, user: &UserId, kind: usize, is: bool) -> Result<(), &'static str> {
        let Some(shown) = self.of(call) else { return Ok(()) };
        match shown.users.get_mut(user) {
            Some(flags) => {
                flags[kind] = is;
                Ok(())
            }
            None => Err("somebody is heard who is not there"),
        }
    }

    /// A `call` was answered with a call that the user still wants.
    pub(crate) fn got(&mut self, part: Part) {
        let call = part.call;
        let early = self.early.take().filter(|shown| shown.id == call);
        match &mut self.call {
            Some(shown) if shown.part().is(part) => {
                shown.before_answer = false;
                if shown.stage == CallStage::Ringing {
                    shown.stage = CallStage::Talking;
                }
            }
            // It rings anew since.
            Some(shown) if shown.id == call => {}
            _ if self.ended.contains(&call) => {}
            // Whatever rang was declined before this reached the server, or it would have been refused.
            _ => {
                let early = early.map(|shown| Shown { by: part.invitation, ..shown });
                self.call = early.or_else(|| Some(Shown::new(part, CallStage::Calling)));
            }
        }
    }

    /// `accept` was done.
    pub(crate) fn accepted(&mut self, part: Part) {
        if let Some(shown) = self.call.as_mut().filter(|shown| shown.part().is(part)) {
            (shown.stage, shown.before_answer) = (CallStage::Talking, false);
        }
    }

    /// It was declined, though nobody has said yet that this was heard.
    pub(crate) fn stop_ringing(&mut self, part: Part) {
        self.call.take_if(|shown| shown.part().is(part) && shown.stage == CallStage::Ringing);
    }

    /// A `call` that the app took for failed was hung up; it may have been taken as the answer to what rang.
    pub(crate) fn leave_what_was_not_answered(&mut self) {
        self.call.take_if(|shown| shown.before_answer);
    }

    /// The user has left it, or declined.
    pub(crate) fn leave(&mut self, part: Part) {
        if self.call.as_ref().is_some_and(|shown| shown.id == part.call && !shown.part().is(part)) {
            // It rings anew since.
            return;
        }
        self.left = Some(part.call);
        self.call.take_if(|shown| shown.part().is(part));
        self.early.take_if(|shown| shown.id == part.call);
    }

    /// What the server says at a sign-in: of a new app all is believed, else what is known is set right. Gives a call
    /// that the server has this device in and the app does not know, or no longer.
    pub(crate) fn find(&mut self, state: Option<&CallState>, first: bool, hung_up: &BTreeSet<Part>) -> Option<Part> {
        (self.early, self.left) = (None, None);
        let Some(state) = state else {
            self.call = None;
            return None;
        };
        let part = Part::of(state);
        if hung_up.contains(&part) {
            self.call = None;
            return Some(part);
        }
        let known = self.call.as_ref().is_some_and(|shown| shown.part().is(part));
        if !known {
            self.call = None;
        }
        if state.stage == CallStage::Ringing {
            if known {
                self.call = Some(Shown::new(part, CallStage::Ringing));
            }
            return None;
        }
        if first || known {
            self.call = Some(Shown::of(state));
            return None;
        }
        Some(part)
    }
}
