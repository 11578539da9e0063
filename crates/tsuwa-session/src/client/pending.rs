//! Requests without an answer, in the order of their numbers.

use crate::timing::ANSWER_MS;
use serde_json::Value;
use std::collections::VecDeque;
use tsuwa_proto::{Millis, RequestId, limits};

/// More requests than this without an answer are refused at once: no app has use for them.
pub(crate) const WAITING_MOST: usize = 256;
/// What the server would not hear, as it hears too much, is said again after so long, in milliseconds: its limits are in
/// requests a second.
const AGAIN_MS: u64 = 1_000;

#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) id: RequestId,
    pub(crate) method: String,
    pub(crate) params: Value,
    at: Millis,
    /// It went out on a connection of this session, so it may have been done.
    pub(crate) sent: bool,
    /// It went out on the present connection.
    sent_here: bool,
    /// It is to be said again on this connection, and not before.
    again_at: Option<Millis>,
    /// Its caller has been told that there was no answer.
    pub(crate) told: bool,
}

impl Asked {
    /// It ends the same thing.
    fn says_the_same(&self, other: &Self) -> bool {
        ends_something(&self.method) && self.method == other.method && self.params == other.params
    }

    fn due(&self) -> Option<Millis> {
        (!self.told).then(|| self.at.plus(ANSWER_MS))
    }
}

/// Ends something: the server is to hear of it even when the caller no longer waits.
fn ends_something(method: &str) -> bool {
    matches!(method, "hangup" | "reject" | "logout")
}

#[derive(Clone, Default)]
pub(crate) struct Pending {
    all: VecDeque<Asked>,
}

impl Pending {
    /// Whether there is no room for this. Whatever else an app has asked for, it can hang up: for what ends something there
    /// is as much room again.
    pub(crate) fn is_full(&self, method: &str) -> bool {
        self.all.len() >= if ends_something(method) { 2 * WAITING_MOST } else { WAITING_MOST }
    }

    /// Makes room for one that ends something, where one was said twice: that goes; gives it.
    pub(crate) fn make_room(&mut self, method: &str) -> Option<Asked> {
        if !ends_something(method) {
            return None;
        }
        let again = |place: &usize| self.all.range(..place).any(|earlier| earlier.says_the_same(&self.all[*place]));
        let place = (1..self.all.len()).rev().find(again)?;
        self.all.remove(place)
    }

    pub(crate) fn add(&mut self, now: Millis, id: RequestId, method: &str, params: Value) {
        let method = method.to_owned();
        self.all.push_back(Asked {
            id,
            method,
            params,
            at: now,
            sent: false,
            sent_here: false,
            again_at: None,
            told: false,
        });
    }

    pub(crate) fn take(&mut self, id: RequestId) -> Option<Asked> {
        let place = self.all.iter().position(|asked| asked.id == id)?;
        self.all.remove(place)
    }

    /// What is to be sent now, in order. The server can answer repetitions of its last requests only, so no more than
    /// those are on their way at once. What follows something that is to be said again waits for that: a call that was
    /// hung up is to have ended before the next one is asked for.
    pub(crate) fn send(&mut self, now: Millis) -> Vec<&Asked> {
        let mut out = Vec::new();
        for asked in self.all.iter_mut().take(limits::RESULTS_KEPT) {
            if asked.again_at.is_some_and(|at| at > now) {
                break;
            }
            if !asked.sent_here {
                (asked.sent, asked.sent_here, asked.again_at) = (true, true, None);
                out.push(&*asked);
            }
        }
        out
    }

    /// The server had no time for it. `true`: it ends something, and is said again later.
    pub(crate) fn say_again(&mut self, now: Millis, id: RequestId) -> bool {
        let Some(asked) = self.all.iter_mut().find(|asked| asked.id == id) else { return false };
        if ends_something(&asked.method) {
            (asked.sent_here, asked.again_at) = (false, Some(now.plus(AGAIN_MS)));
        }
        asked.again_at.is_some()
    }

    /// The connection is gone: all go out again on the next.
    pub(crate) fn connection_gone(&mut self) {
        self.all.iter_mut().for_each(|asked| (asked.sent_here, asked.again_at) = (false, None));
    }

    /// The session is gone, and with it all that was asked; but for new tickets, which the next one takes too.
    pub(crate) fn session_gone(&mut self) -> Vec<Asked> {
        let (mut kept, gone): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.all).into_iter().partition(|asked| asked.method == "login");
        kept.iter_mut().for_each(|asked| (asked.sent, asked.sent_here) = (false, false));
        self.all = kept;
        gone.into()
    }

    pub(crate) fn drain(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.all).into()
    }

    /// Whether a `logout` has gone out.
    pub(crate) fn is_logging_out(&self) -> bool {
        self.all.iter().any(|asked| asked.sent && asked.method == "logout")
    }

    /// The newest ticket that waits to be taken.
    pub(crate) fn newest_ticket(&self) -> Option<&str> {
        let renewal = self.all.iter().rev().find(|asked| asked.method == "login")?;
        renewal.params.get("userSig")?.as_str()
    }

    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.all.iter().flat_map(|asked| [asked.due(), asked.again_at]).flatten().min()
    }

    /// Requests that have waited too long, to be told; those that end something stay.
    pub(crate) fn overdue(&mut self, now: Millis) -> Vec<(RequestId, bool)> {
        let mut overdue = Vec::new();
        self.all.retain_mut(|asked| {
            if asked.due().is_none_or(|due| due > now) {
                return true;
            }
            asked.told = true;
            overdue.push((asked.id, asked.sent));
            ends_something(&asked.method)
        });
        overdue
    }
}
