//! A new session in the place of one that the server no longer had: what it tells from the beginning is told once, and
//! what it no longer has is over.

use super::Driver;
use super::replies::Waiting;
use crate::standing::Part;
use crate::teller::{Change, Told};
use serde_json::json;
use std::collections::BTreeMap;
use tsuwa_proto::{CallId, CallStage, CallState, Event, LeaveReason, Participant, UserId};

/// Whether somebody is heard and seen.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Available {
    audio: bool,
    video: bool,
}

#[derive(Default)]
pub(super) struct Resync {
    /// The others in the call, and in which call: what still comes of a call that was left says nothing of the next.
    users: BTreeMap<UserId, Available>,
    users_of: Option<CallId>,
    /// A call that the server did not name at the last sign-in: its end may still be told by the server itself.
    doubtful: Option<(CallId, CallStage)>,
    /// The last end that was told.
    ended: Option<CallId>,
}

impl Resync {
    /// Whether this was told before.
    pub(super) fn is_known(&self, event: &Event, ringing: Option<Part>) -> bool {
        let known = |call: &CallId, user: &UserId| self.users.get(user).filter(|_| self.users_of == Some(*call));
        match event {
            Event::OnInvited { call_id, invitation_id, .. } => ringing == Some(Part::new(*call_id, *invitation_id)),
            Event::OnUserEnter { call_id, user_id } => known(call_id, user_id).is_some(),
            Event::OnUserAudioAvailable { call_id, user_id, available } => {
                known(call_id, user_id).is_some_and(|known| known.audio == *available)
            }
            Event::OnUserVideoAvailable { call_id, user_id, available } => {
                known(call_id, user_id).is_some_and(|known| known.video == *available)
            }
            Event::OnCallEnd { call_id, .. } => self.ended == Some(*call_id),
            _ => false,
        }
    }

    pub(super) fn notes(&mut self, event: &Event) {
        if let Some(call) = event.call_id().filter(|call| self.users_of.is_none_or(|of| of < *call)) {
            self.users.clear();
            self.users_of = Some(call);
        }
        match event {
            Event::OnInvited { call_id, .. } => {
                // Who is invited, perhaps again into a call that it left, knows nobody there.
                self.users.clear();
                if self.ended == Some(*call_id) {
                    self.ended = None;
                }
            }
            Event::OnCallEnd { .. } => {}
            // Ids of calls rise: this is of one that was left.
            _ if event.call_id() < self.users_of => return,
            _ => {}
        }
        match event {
            Event::OnUserEnter { user_id, .. } => {
                self.users.insert(user_id.clone(), Available::default());
            }
            Event::OnUserLeave { user_id, .. } => {
                self.users.remove(user_id);
            }
            Event::OnUserAudioAvailable { user_id, available, .. } => {
                self.users.entry(user_id.clone()).or_default().audio = *available;
            }
            Event::OnUserVideoAvailable { user_id, available, .. } => {
                self.users.entry(user_id.clone()).or_default().video = *available;
            }
            Event::OnCallEnd { call_id, .. } => self.ended = Some(*call_id),
            _ => {}
        }
    }

    pub(super) fn forget_users(&mut self) {
        self.users.clear();
    }

    /// What the listeners' picture of the call has and the server's has not.
    fn missing_in(&self, call_id: CallId, present: &[Participant]) -> Vec<Event> {
        let mut events = Vec::new();
        for (user_id, known) in &self.users {
            let user_id = user_id.clone();
            match present.iter().find(|each| each.user_id == user_id) {
                None => events.push(Event::OnUserLeave { call_id, user_id, reason: LeaveReason::Left }),
                Some(now) => {
                    if known.audio && !now.audio {
                        let user_id = user_id.clone();
                        events.push(Event::OnUserAudioAvailable { call_id, user_id, available: false });
                    }
                    if known.video && !now.video {
                        events.push(Event::OnUserVideoAvailable { call_id, user_id, available: false });
                    }
                }
            }
        }
        events
    }
}

impl Driver {
    /// What the server says at a sign-in of the call that this device is in. `first`: of this `login`.
    pub(super) fn finds(&mut self, state: Option<CallState>, first: bool) {
        let state = match state {
            Some(state) if self.hung_up.iter().any(|left| left.is(Part::of(&state))) => {
                self.hang_up_again(&state);
                None
            }
            state => state,
        };
        let known = self.standing.call();
        match (known, state) {
            (None, None) => return,
            (None, Some(state)) if state.stage == CallStage::Ringing => return, // `onInvited` follows
            (None, Some(state)) if first => self.is_in_a_call_still(state),
            (None, Some(state)) if self.standing.idle() => {
                // The app knows of no call: it was told that its `call` failed.
                self.hang_up_again(&state);
            }
            (None, Some(_)) => {}
            // It rings anew: the end of the time before comes with it.
            (Some(_), Some(state))
                if state.stage == CallStage::Ringing && self.standing.in_it_otherwise(Part::of(&state)).is_some() => {}
            (Some((call, _)), Some(state)) if state.call_id == call => {
                for event in self.resync.missing_in(call, &state.users) {
                    self.tell_of(event);
                }
            }
            (Some(known), _) => self.resync.doubtful = Some(known),
        }
        if !first {
            // Its answer comes behind whatever the server has to tell at this sign-in.
            self.request("ping", json!({}), Waiting::SignInTold);
        }
    }

    /// The app was closed in a call, and signs in within the grace. Its `login` is the act by which the microphone opens
    /// again.
    fn is_in_a_call_still(&mut self, state: CallState) {
        let call = state.call_id;
        let change = Change::Found(state);
        self.change(&change);
        self.to_tell.push_back(Told::Silent(change));
        self.open_microphone(call);
    }

    /// It was left here, or the app knows nothing of it: what still comes of it is told to nobody.
    fn hang_up_again(&mut self, state: &CallState) {
        let part = Part::of(state);
        self.leave(part);
        self.to_tell.push_back(Told::Silent(Change::Rejected(part)));
        self.tell_server_of_hangup(part);
    }

    /// It rings for the same call again, and the end of the time before was never told: the session was a new one.
    pub(super) fn settle_earlier_time(&mut self, event: &Event) {
        if let Event::OnInvited { call_id, invitation_id, .. } = event
            && let Some(stage) = self.standing.in_it_otherwise(Part::new(*call_id, *invitation_id))
        {
            self.tell_of(Self::end_of(*call_id, stage, None));
        }
    }

    /// A call that the server does not have any more is over, if it has not said so itself by now.
    pub(super) fn settle_sign_in(&mut self) {
        let Some((call, stage)) = self.resync.doubtful.take() else { return };
        if self.standing.call().is_some_and(|(present, _)| present == call) {
            self.tell_of(Self::end_of(call, stage, None));
        }
    }

    /// Something of another call comes: the doubtful one's end is told first.
    pub(super) fn settle_before(&mut self, call: Option<CallId>) {
        if let (Some((doubtful, _)), Some(call)) = (self.resync.doubtful, call)
            && doubtful != call
        {
            self.settle_sign_in();
        }
    }
}
