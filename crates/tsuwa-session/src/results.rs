//! How a session's latest requests ended, so that a repeated one is answered and not done twice.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use tsuwa_proto::{Outcome, RequestId, limits};

/// The results of the last [`limits::RESULTS_KEPT`] requests. Numbers only ever rise: a device sends its requests in
/// order, and repeats those without an answer in the same order.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Results {
    kept: VecDeque<(RequestId, Outcome)>,
}

/// What is known of a request.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kept<'a> {
    /// It is a new one: do it.
    New,
    /// It was done: this was the result.
    Done(&'a Outcome),
    /// A later one was done, and of this one nothing is kept: refuse it, for it may have been done.
    Forgotten,
}

impl Results {
    /// Nothing was done yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known of the request with this number.
    pub fn of(&self, id: RequestId) -> Kept<'_> {
        if self.kept.back().is_none_or(|(last, _)| id > *last) {
            return Kept::New;
        }
        self.outcome(id).map_or(Kept::Forgotten, Kept::Done)
    }

    /// The result of this request, if it is kept.
    pub fn outcome(&self, id: RequestId) -> Option<&Outcome> {
        let place = self.kept.binary_search_by_key(&id, |(number, _)| *number).ok()?;
        self.kept.get(place).map(|(_, outcome)| outcome)
    }

    /// Keep the result of a request that was [`Kept::New`]; of any other, nothing changes.
    pub fn keep(&mut self, id: RequestId, outcome: Outcome) {
        if self.of(id) != Kept::New {
            return;
        }
        if self.kept.len() >= limits::RESULTS_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((id, outcome));
    }
}
