//! Which invitation is whose: an account of it that is kept beside the switchboard, from what that notes.

use std::collections::BTreeMap;
use tsuwa_call::{HowEnded, Note};
use tsuwa_proto::{Act, CallId, CallState, Event, HangupTarget, InvitationId, UserId};

/// The invitations of an app's calls.
#[derive(Default)]
pub(crate) struct Invitations {
    /// The one that rings at a user, or by which it is in the call.
    standing: BTreeMap<(CallId, UserId), InvitationId>,
    /// All that ever were, those of several calls by one number together.
    made: BTreeMap<InvitationId, Vec<(CallId, UserId)>>,
}

impl Invitations {
    /// Follows a note of the entry at this position.
    pub(crate) fn note(&mut self, position: u64, note: &Note) {
        match note {
            Note::CallStarted { call, caller, .. } => {
                self.standing.insert((*call, caller.user.clone()), InvitationId::NONE);
            }
            Note::Invited { call, callee, .. } => {
                let id = InvitationId(position.saturating_sub(call.0).saturating_add(1));
                let whose = (*call, callee.clone());
                self.made.entry(id).or_default().push(whose.clone());
                self.standing.insert(whose, id);
            }
            Note::InvitationEnded { how: HowEnded::Accepted, .. } => {}
            Note::InvitationEnded { call, callee: user, .. } => {
                self.standing.remove(&(*call, user.clone()));
            }
            Note::Left { call, at, .. } => {
                self.standing.remove(&(*call, at.user.clone()));
            }
            Note::CallEnded { call, .. } => self.standing.retain(|(of, _), _| of != call),
        }
    }

    /// The one by which a user is in a call, or that rings there.
    pub(crate) fn of(&self, call: CallId, user: &UserId) -> Option<InvitationId> {
        self.standing.get(&(call, user.clone())).copied()
    }

    /// What is standing for a user in any call.
    pub(crate) fn present(&self, user: &UserId) -> Option<InvitationId> {
        self.standing.iter().find_map(|((_, of), id)| (of == user).then_some(*id))
    }

    /// One of the latest, whoever's.
    pub(crate) fn late(&self, back: usize) -> Option<InvitationId> {
        self.made.keys().nth_back(back).copied()
    }

    /// Whether a request names an invitation, and if so, whether it is the right one.
    pub(crate) fn names(&self, user: &UserId, act: &Act) -> Option<bool> {
        match act {
            Act::Accept { call_id: Some(call), invitation_id: Some(named) }
            | Act::Reject { call_id: Some(call), invitation_id: Some(named) }
            | Act::Hangup { target: HangupTarget::Call(call), invitation_id: Some(named) } => {
                Some(self.of(*call, user) == Some(*named))
            }
            _ => None,
        }
    }

    /// An event tells only of an invitation that this user had into this call; one that is told at once, of the standing
    /// one.
    pub(crate) fn told(&self, user: &UserId, event: &Event) {
        if let Event::OnInvited { call_id, invitation_id, .. } = event {
            let its = self.made.get(invitation_id).is_some_and(|all| all.contains(&(*call_id, user.clone())));
            assert!(its, "{user:?} is told of {invitation_id:?} into call {call_id}, which is another's or nobody's");
        }
    }

    /// What a device is told of its call names the invitation that it is by.
    pub(crate) fn shown(&self, user: &UserId, shown: &CallState) {
        assert_eq!(self.of(shown.call_id, user), Some(shown.invitation_id), "{user:?} is shown {shown:?}");
    }
}

/// The same request without the invitation.
pub(crate) fn unnamed(act: &Act) -> Act {
    let mut act = act.clone();
    if let Act::Accept { invitation_id, .. } | Act::Reject { invitation_id, .. } | Act::Hangup { invitation_id, .. } =
        &mut act
    {
        *invitation_id = None;
    }
    act
}

/// The same request of a call that never was: no log comes so far.
pub(crate) fn of_no_call(act: &Act) -> Act {
    const NEVER: CallId = CallId(u64::MAX);
    match unnamed(act) {
        Act::Accept { .. } => Act::Accept { call_id: Some(NEVER), invitation_id: None },
        Act::Reject { .. } => Act::Reject { call_id: Some(NEVER), invitation_id: None },
        Act::Hangup { .. } => Act::Hangup { target: HangupTarget::Call(NEVER), invitation_id: None },
        other => other,
    }
}
