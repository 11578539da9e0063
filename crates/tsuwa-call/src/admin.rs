//! What an administrator does.

use crate::{AdminAct, DeviceKey, Reply, SignedOutWhy, Switchboard};
use tsuwa_proto::{CancelReason, Code, EndReason, Refusal, limits};

/// Each list is bounded, since the state is kept in memory and in every snapshot.
const MOST_LISTED: usize = 1_000_000;
const MOST_BLOCKED: usize = 10_000;

impl Switchboard {
    pub(crate) fn admin(&mut self, act: AdminAct) {
        let result = self.administer(act);
        self.reply(result);
    }

    fn administer(&mut self, act: AdminAct) -> Result<Reply, Refusal> {
        match act {
            AdminAct::SetPolicy(policy) => {
                if !(limits::RING_MIN_S..=limits::RING_MAX_S).contains(&policy.ring_timeout_s) {
                    return Err(Refusal::new(Code::BadParameter, "ring_timeout_s: must be 1 to 300"));
                }
                if policy.grace_ms > limits::SESSION_KEPT_MS {
                    return Err(Refusal::new(
                        Code::BadParameter,
                        "grace_ms: must be at most 60000, as a session is kept",
                    ));
                }
                self.policy = policy;
            }
            AdminAct::AddUsers(users) => {
                if self.listed.len() + users.len() > MOST_LISTED {
                    return Err(Refusal::new(Code::BadParameter, "the list holds at most 1000000 users"));
                }
                self.listed.extend(users);
            }
            AdminAct::RemoveUser(user) => {
                if !self.listed.remove(&user) {
                    return Err(Code::UserUnknown.into());
                }
            }
            AdminAct::Block { user, blocked } => {
                let list = self.blocks.entry(user).or_default();
                if list.len() >= MOST_BLOCKED && !list.contains(&blocked) {
                    return Err(Refusal::new(Code::BadParameter, "a user blocks at most 10000 others"));
                }
                list.insert(blocked);
            }
            AdminAct::Unblock { user, blocked } => {
                let emptied = self.blocks.get_mut(&user).is_some_and(|list| {
                    list.remove(&blocked);
                    list.is_empty()
                });
                if emptied {
                    self.blocks.remove(&user);
                }
            }
            AdminAct::EndCall(call) => {
                if !self.calls.contains_key(&call) {
                    return Err(Code::InvitationOver.into());
                }
                self.end_for_all(call, Some(EndReason::EndedByServer), Some(CancelReason::EndedByServer));
            }
            AdminAct::SignOut { user, device } => {
                let leaving: Vec<DeviceKey> = self
                    .devices_of(&user)
                    .into_iter()
                    .filter(|at| device.as_ref().is_none_or(|d| at.device == *d))
                    .collect();
                if leaving.is_empty() {
                    return Err(Refusal::new(Code::NotSignedIn, "the user is not signed in there"));
                }
                for at in &leaving {
                    self.sign_out(at, SignedOutWhy::Removed);
                }
            }
        }
        Ok(Reply::Done)
    }
}
