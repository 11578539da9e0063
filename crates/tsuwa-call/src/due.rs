//! Deadlines: one ordered set, each entry owned by a piece of state that takes it out again.

use crate::{DeviceKey, Switchboard};
use serde::{Deserialize, Serialize};
use tsuwa_proto::{CallId, Millis, UserId};

/// What is due.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub(crate) enum Due {
    /// An invitation has rung long enough.
    Ring(CallId, UserId),
    /// A lost member has been away long enough.
    Grace(CallId, UserId),
    /// A member's media should have come up by now.
    MediaUp(CallId, UserId),
    /// A ticket expires.
    Expiry(DeviceKey),
}

impl Switchboard {
    pub(crate) fn set_due(&mut self, at: Millis, what: Due) {
        self.due.insert((at, what));
    }

    pub(crate) fn clear_due(&mut self, at: Option<Millis>, what: Due) {
        if let Some(at) = at {
            self.due.remove(&(at, what));
        }
    }

    pub(crate) fn tick(&mut self) {
        while let Some((at, _)) = self.due.first() {
            if *at > self.now {
                return;
            }
            let Some((_, what)) = self.due.pop_first() else { return };
            match what {
                Due::Ring(call, user) => self.no_response(call, &user),
                Due::Grace(call, user) => self.grace_over(call, &user),
                Due::MediaUp(call, user) => self.media_failed(call, &user),
                Due::Expiry(at) => self.ticket_expired(&at),
            }
        }
    }
}
