//! What a device may be told after what it was told: the rules of the table of scenarios, as an automaton.

use std::collections::BTreeMap;
use tsuwa_proto::{CallId, CallStage, CallState, Event, Quality, SessionId, UserId};

/// Where a device stands by all that it was told and answered.
#[derive(Clone, Default, Debug)]
pub(crate) struct Story {
    pub(crate) session: Option<SessionId>,
    pub(crate) stage: Stage,
    /// A call that it was in, whose end it was not told: it was away.
    pub(crate) owed: Option<CallId>,
    pub(crate) socket_up: bool,
    pub(crate) kicked: bool,
    /// Its session left too many events unseen; the device may be signed in still, by the server's count.
    pub(crate) given_up: bool,
}

#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    #[default]
    Free,
    Ringing(CallId),
    InCall(CallId, BTreeMap<UserId, Other>),
}

/// Somebody else in the call.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Other {
    audio: bool,
    video: bool,
    down: bool,
}

impl Story {
    pub(crate) fn rings(&self, call: CallId) -> bool {
        self.stage == Stage::Ringing(call)
    }

    pub(crate) fn is_in(&self, call: CallId) -> bool {
        matches!(&self.stage, Stage::InCall(present, _) if *present == call)
    }

    pub(crate) fn call(&self) -> Option<CallId> {
        match self.stage {
            Stage::Free => None,
            Stage::Ringing(call) | Stage::InCall(call, _) => Some(call),
        }
    }

    /// A new session begins on the device, and this is what it is told of its call.
    pub(crate) fn signs_in(&mut self, session: SessionId, call: Option<&CallState>) {
        let named = call.filter(|state| state.stage != CallStage::Ringing).map(|state| state.call_id);
        if let Stage::InCall(was, _) = self.stage
            && named != Some(was)
        {
            self.owed = Some(was);
        }
        self.session = Some(session);
        self.socket_up = true;
        (self.kicked, self.given_up) = (false, false);
        // Who is there, and that it rings, is told by events.
        self.stage = named.map_or(Stage::Free, |call| Stage::InCall(call, BTreeMap::new()));
    }

    /// An event is made for it.
    pub(crate) fn hears(&mut self, event: &Event) -> Result<(), &'static str> {
        let legal = |legal: bool, else_what: &'static str| if legal { Ok(()) } else { Err(else_what) };
        match event {
            Event::OnInvited { call_id, .. } => {
                legal(self.stage == Stage::Free, "it rings where something is going on")?;
                self.stage = Stage::Ringing(*call_id);
            }
            Event::OnCallingCancel { call_id, .. } | Event::OnCallingTimeOut { call_id } => {
                legal(self.rings(*call_id), "what does not ring stops ringing")?;
                self.stage = Stage::Free;
            }
            Event::OnCallEnd { call_id, .. } => {
                if self.owed.take_if(|owed| owed == call_id).is_none() {
                    legal(self.is_in(*call_id), "a call ends in which it is not")?;
                    self.stage = Stage::Free;
                }
            }
            Event::OnReject { call_id, .. } | Event::OnNoResp { call_id, .. } | Event::OnLineBusy { call_id, .. } => {
                legal(self.is_in(*call_id), "an invitation ends of a call in which it is not")?;
            }
            Event::OnUserEnter { call_id, user_id } => {
                let others = self.others(*call_id)?;
                legal(others.insert(user_id.clone(), Other::default()).is_none(), "somebody enters twice")?;
            }
            Event::OnUserLeave { call_id, user_id, .. } => {
                let others = self.others(*call_id)?;
                legal(others.remove(user_id).is_some(), "somebody leaves who is not there")?;
            }
            Event::OnUserAudioAvailable { call_id, user_id, available } => {
                let other = self.other(*call_id, user_id)?;
                legal(other.audio != *available, "what was said of somebody's sound is said again")?;
                other.audio = *available;
            }
            Event::OnUserVideoAvailable { call_id, user_id, available } => {
                let other = self.other(*call_id, user_id)?;
                legal(other.video != *available, "what was said of somebody's picture is said again")?;
                other.video = *available;
            }
            Event::OnNetworkQuality { call_id, user_id, quality } => {
                let other = self.other(*call_id, user_id)?;
                let down = *quality == Quality::Down;
                // After a restart it is said again of everybody who is not there yet.
                legal(down || other.down, "who was not lost is back")?;
                other.down = down;
            }
            Event::OnError { call_id, .. } => {
                if let Some(call) = call_id {
                    legal(self.is_in(*call), "a fault of a call in which it is not")?;
                }
            }
            Event::OnKickedOffline {} => self.kicked = true,
            Event::OnUserSigExpired {} => {}
        }
        legal(!self.kicked || !matches!(event, Event::OnInvited { .. }), "it rings where nobody is signed in")
    }

    fn others(&mut self, call: CallId) -> Result<&mut BTreeMap<UserId, Other>, &'static str> {
        match &mut self.stage {
            Stage::InCall(present, others) if *present == call => Ok(others),
            _ => Err("something happens in a call in which it is not"),
        }
    }

    fn other(&mut self, call: CallId, user: &UserId) -> Result<&mut Other, &'static str> {
        self.others(call)?.get_mut(user).ok_or("something is said of somebody who is not there")
    }

    /// It calls, or accepts: with result 0.
    pub(crate) fn joins(&mut self, call: CallId) -> Result<(), &'static str> {
        match &self.stage {
            Stage::InCall(present, _) if *present == call => Ok(()),
            Stage::InCall(..) => Err("it is in another call"),
            Stage::Ringing(ringing) if *ringing != call => Err("something else rings there"),
            Stage::Ringing(_) | Stage::Free => {
                self.stage = Stage::InCall(call, BTreeMap::new());
                Ok(())
            }
        }
    }

    /// Somebody in its call who is lost and not down here, or the other way round.
    pub(crate) fn misjudges(&self, is_lost: impl Fn(CallId, &UserId) -> bool) -> Option<&UserId> {
        let Stage::InCall(call, others) = &self.stage else { return None };
        others.iter().find(|(user, other)| other.down != is_lost(*call, user)).map(|(user, _)| user)
    }

    /// Whether the server has it where it was told to be.
    pub(crate) fn agrees(&self, state: Option<&CallState>) -> bool {
        match (&self.stage, state) {
            (Stage::Free, None) => true,
            // It is away, and learns that its last call is over before it rings.
            (Stage::Free, Some(state)) => self.owed.is_some() && state.stage == CallStage::Ringing,
            (Stage::Ringing(call), Some(state)) => state.call_id == *call && state.stage == CallStage::Ringing,
            (Stage::InCall(call, others), Some(state)) => {
                let known = |user: &UserId, audio, video| {
                    others.get(user).is_some_and(|other| (other.audio, other.video) == (audio, video))
                };
                state.call_id == *call
                    && state.stage != CallStage::Ringing
                    && state.users.len() == others.len()
                    && state.users.iter().all(|other| known(&other.user_id, other.audio, other.video))
            }
            _ => false,
        }
    }
}
