//! A call: who is in it and who is invited.

use crate::{DeviceKey, Switchboard};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tsuwa_proto::{CallId, CallType, DeviceId, Event, InvitationId, MediaMode, Millis, UserId};

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) started_at: Millis,
    /// In the order in which they came; the caller first.
    pub(crate) members: Vec<Member>,
    /// In the order in which they were made.
    pub(crate) invitations: Vec<Invitation>,
    /// Everybody who was ever invited or in it: an answer by another was never theirs to give.
    pub(crate) known: BTreeSet<UserId>,
    /// Since when at least two have been in it, and for how long before that, in milliseconds.
    pub(crate) two_since: Option<Millis>,
    pub(crate) talked_ms: Option<u64>,
    /// Whether the shell was asked for a room.
    pub(crate) room: bool,
    /// Whether anybody's picture is wanted.
    pub(crate) video: bool,
}

/// Somebody in the call: the caller, or a callee that accepted.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) at: DeviceKey,
    /// The one that it accepted; none for the caller.
    #[serde(default)]
    pub(crate) invitation: InvitationId,
    pub(crate) kind: CallType,
    pub(crate) sound: Source,
    pub(crate) picture: Source,
    pub(crate) socket_up: bool,
    pub(crate) media: MediaState,
    /// Whether its media has been up once: who talked and lost it is not one whose media never came.
    #[serde(default)]
    pub(crate) had_media: bool,
    /// While it is lost: until when it may come back.
    pub(crate) lost_until: Option<Millis>,
}

/// What a member sends of one kind.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Source {
    /// Shut by the member itself.
    pub(crate) off: bool,
    /// Whether the others were told that it is there.
    pub(crate) available: bool,
}

/// How far a member's media is.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) enum MediaState {
    /// It has none, by its own word.
    Exempt,
    /// ICE and DTLS are under way; the deadline is set from the moment somebody is there to talk to.
    Coming {
        until: Option<Millis>,
    },
    Up,
    Lost,
}

impl MediaState {
    pub(crate) fn new(mode: MediaMode) -> Self {
        match mode {
            MediaMode::None => Self::Exempt,
            MediaMode::Webrtc => Self::Coming { until: None },
        }
    }
}

/// An invitation that stands: its callee rings, or would if a device of it were there.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    #[serde(default)]
    pub(crate) id: InvitationId,
    pub(crate) callee: UserId,
    pub(crate) inviter: UserId,
    pub(crate) kind: CallType,
    pub(crate) others: Vec<UserId>,
    pub(crate) is_from_group: bool,
    pub(crate) user_data: Option<String>,
    pub(crate) since: Millis,
    pub(crate) until: Millis,
    /// The devices that media is made ready for, and whether it is up already.
    pub(crate) legs: std::collections::BTreeMap<DeviceId, bool>,
}

impl Call {
    pub(crate) fn member(&self, user: &UserId) -> Option<&Member> {
        self.members.iter().find(|m| m.at.user == *user)
    }

    pub(crate) fn member_mut(&mut self, user: &UserId) -> Option<&mut Member> {
        self.members.iter_mut().find(|m| m.at.user == *user)
    }

    /// The member that sits at this very device.
    pub(crate) fn member_at(&mut self, at: &DeviceKey) -> Option<&mut Member> {
        self.members.iter_mut().find(|m| m.at == *at)
    }

    pub(crate) fn invitation(&self, callee: &UserId) -> Option<&Invitation> {
        self.invitations.iter().find(|i| i.callee == *callee)
    }

    pub(crate) fn invitation_mut(&mut self, callee: &UserId) -> Option<&mut Invitation> {
        self.invitations.iter_mut().find(|i| i.callee == *callee)
    }

    pub(crate) fn concerns(&self, user: &UserId) -> bool {
        self.member(user).is_some() || self.invitation(user).is_some()
    }

    pub(crate) fn people(&self) -> usize {
        self.members.len() + self.invitations.len()
    }

    /// How long at least two have been in it so far, in milliseconds.
    pub(crate) fn talked(&self, now: Millis) -> Option<u64> {
        match self.two_since {
            Some(since) => Some(self.talked_ms.unwrap_or_default().saturating_add(now.since(since))),
            None => self.talked_ms,
        }
    }
}

impl Switchboard {
    /// An event for every member but one.
    pub(crate) fn tell_others(&mut self, call: CallId, but: &UserId, event: &Event) {
        let Some(found) = self.calls.get(&call) else { return };
        let others: Vec<_> = found.members.iter().map(|m| m.at.clone()).filter(|at| at.user != *but).collect();
        for at in &others {
            self.tell(at, event.clone());
        }
    }

    /// An event for one member, wherever it sits.
    pub(crate) fn tell_member(&mut self, call: CallId, user: &UserId, event: Event) {
        let at = self.calls.get(&call).and_then(|c| c.member(user)).map(|m| m.at.clone());
        if let Some(at) = at {
            self.tell(&at, event);
        }
    }
}
