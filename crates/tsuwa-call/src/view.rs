//! What can be read of the switchboard without changing it.

use crate::call::{Call, Invitation};
use crate::user::Place;
use crate::{DeviceKey, HowEnded, Note, Policy, Switchboard};
use serde::Serialize;
use tsuwa_proto::{CallId, CallStage, CallState, CallType, Code, DeviceId, Millis, Participant, UserId};

/// A call that is going on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveCall {
    /// The call.
    pub call_id: CallId,
    /// When it began, Unix milliseconds.
    pub started_at: Millis,
    /// Who is in it, in the order in which they came.
    pub members: Vec<LiveMember>,
    /// Who is being invited.
    pub ringing: Vec<UserId>,
}

/// Somebody in a live call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveMember {
    /// Who.
    pub user_id: UserId,
    /// On which device.
    pub device_id: DeviceId,
    /// Whether it is lost at present.
    pub lost: bool,
}

/// A user who is known to the app: listed, or signed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveUser {
    /// Who.
    pub user_id: UserId,
    /// Whether it is on the app's list.
    pub listed: bool,
    /// Where it is signed in.
    pub devices: Vec<DeviceId>,
}

impl Switchboard {
    /// The app's rules.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether the device is in a call (as the caller, or having accepted).
    pub fn in_call(&self, at: &DeviceKey) -> bool {
        matches!(self.place(&at.user), Place::InCall(_, device) if device == at.device)
    }

    /// Whether this member of a call is lost at present.
    pub fn is_lost(&self, call: CallId, user: &UserId) -> bool {
        self.calls.get(&call).and_then(|call| call.member(user)).is_some_and(|member| member.lost_until.is_some())
    }

    /// Whether this device may be shown its user's calls.
    ///
    /// # Errors
    /// [`Code::NotSignedIn`], or [`Code::SigExpired`] where its ticket has expired.
    pub fn may_look(&self, at: &DeviceKey) -> Result<(), Code> {
        let device = self.device(at).ok_or(Code::NotSignedIn)?;
        if device.expired { Err(Code::SigExpired) } else { Ok(()) }
    }

    /// How many calls are going on.
    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    /// The call that this device is in, or that rings there.
    pub fn call_of(&self, at: &DeviceKey) -> Option<CallState> {
        let (call_id, stage) = match self.place(&at.user) {
            Place::Ringing(call) => (call, CallStage::Ringing),
            Place::InCall(call, device) if device == at.device => (call, CallStage::Talking),
            _ => return None,
        };
        let call = self.calls.get(&call_id)?;
        let (invitation_id, kind) = match stage {
            CallStage::Ringing => call.invitation(&at.user).map(|i| (i.id, i.kind))?,
            _ => call.member(&at.user).map(|m| (m.invitation, m.kind))?,
        };
        let nobody_came = call.two_since.is_none() && call.talked_ms.is_none();
        let stage = if stage == CallStage::Talking && nobody_came { CallStage::Calling } else { stage };
        let others = call.members.iter().filter(|m| m.at.user != at.user);
        let users = others
            .map(|m| Participant { user_id: m.at.user.clone(), audio: m.sound.available, video: m.picture.available })
            .collect();
        Some(CallState { call_id, invitation_id, kind, stage, users })
    }

    /// Every call that is going on.
    pub fn live_calls(&self) -> Vec<LiveCall> {
        let member = |m: &crate::call::Member| LiveMember {
            user_id: m.at.user.clone(),
            device_id: m.at.device.clone(),
            lost: m.lost_until.is_some(),
        };
        self.calls
            .iter()
            .map(|(id, call)| LiveCall {
                call_id: *id,
                started_at: call.started_at,
                members: call.members.iter().map(member).collect(),
                ringing: call.invitations.iter().map(|i| i.callee.clone()).collect(),
            })
            .collect()
    }

    /// The notes from which somebody who has missed them knows the calls that are going on, each with its moment: the
    /// first member counts as the caller, every other as having joined when the call began to be one of two.
    pub fn retold(&self) -> Vec<(Millis, Note)> {
        self.calls.iter().flat_map(|(id, call)| call.retold(*id)).collect()
    }

    /// Everybody who is on the app's list or signed in.
    pub fn users(&self) -> Vec<LiveUser> {
        let signed_in = self.users.iter().filter(|(_, u)| !u.devices.is_empty()).map(|(id, _)| id);
        let all: std::collections::BTreeSet<&UserId> = self.listed.iter().chain(signed_in).collect();
        all.into_iter()
            .map(|user| LiveUser {
                user_id: user.clone(),
                listed: self.listed.contains(user),
                devices: self.devices_of(user).into_iter().map(|at| at.device).collect(),
            })
            .collect()
    }

    /// Whom a user has blocked.
    pub fn blocked_by(&self, user: &UserId) -> Vec<UserId> {
        self.blocks.get(user).map(|list| list.iter().cloned().collect()).unwrap_or_default()
    }
}

impl Call {
    fn retold(&self, call: CallId) -> Vec<(Millis, Note)> {
        let Some((caller, joined)) = self.members.split_first() else { return Vec::new() };
        let began = Note::CallStarted { call, caller: caller.at.clone(), kind: caller.kind };
        let mut notes = vec![(self.started_at, began)];
        let since = self.two_since.unwrap_or(self.started_at);
        for member in joined {
            let (user, kind) = (&member.at.user, member.kind);
            notes.push((since, invited(call, &caller.at.user, user, kind, None)));
            let (callee, device) = (user.clone(), Some(member.at.device.clone()));
            let how = HowEnded::Accepted;
            let ended = Note::InvitationEnded { call, callee, how, device, reason: None, stood: true, rang_ms: 0 };
            notes.push((since, ended));
        }
        for invitation in &self.invitations {
            let Invitation { inviter, callee, kind, since, until, .. } = invitation;
            notes.push((*since, invited(call, inviter, callee, *kind, Some(*until))));
        }
        notes
    }
}

fn invited(call: CallId, inviter: &UserId, callee: &UserId, kind: CallType, until: Option<Millis>) -> Note {
    let (inviter, callee, others, user_data) = (inviter.clone(), callee.clone(), Vec::new(), None);
    Note::Invited { call, inviter, callee, kind, others, is_from_group: false, user_data, until, rings: true }
}
